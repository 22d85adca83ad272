// What cannot stand inline in the header; the rest is there.
#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// Glibc 2.36 has no wrapper for openat2, and syscall is variadic.
int clinux_open_beneath(const char *root, const char *path) {
    int folder = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return -1;
    struct open_how how;
    memset(&how, 0, sizeof how);
    how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    int descriptor = (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
    int reason = errno;
    close(folder);
    errno = reason;
    return descriptor;
}
