// What cannot be inline in the header; the rest is there.
#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <linux/openat2.h>
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
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

static int limit(__rlimit_resource_t what, unsigned long long value) {
    struct rlimit both;
    if (getrlimit(what, &both) != 0) return -1;
    // Only the soft limit: the next piece of work may be given more.
    both.rlim_cur = value < both.rlim_max ? value : both.rlim_max;
    return setrlimit(what, &both);
}

static unsigned long long processor_limit = 0;

int clinux_limit_processor_time(unsigned int seconds) {
    struct rusage used;
    if (getrusage(RUSAGE_SELF, &used) != 0) return -1;
    // The kernel counts whole seconds: what has begun is given.
    unsigned long long so_far = (unsigned long long)used.ru_utime.tv_sec + (unsigned long long)used.ru_stime.tv_sec;
    unsigned long long allowed = so_far + seconds + 2;
    if (allowed == processor_limit) return 0;
    if (limit(RLIMIT_CPU, allowed) != 0) return -1;
    processor_limit = allowed;
    return 0;
}

static unsigned long long memory_limit = 0;
static int exhausted_status = 1;

int clinux_limit_memory(unsigned long long bytes) {
    if (bytes == memory_limit) return 0;
    memory_limit = bytes;
    return limit(RLIMIT_DATA, bytes);
}

int clinux_leave_no_core(void) { return limit(RLIMIT_CORE, 0); }

int clinux_step_back(int nice) {
    if (getpriority(PRIO_PROCESS, 0) >= nice) return 0;
    return setpriority(PRIO_PROCESS, 0, nice);
}

void clinux_give_back_blocks_from(int bytes) { mallopt(M_MMAP_THRESHOLD, bytes); }

void clinux_print_lines(void) { setvbuf(stdout, NULL, _IOLBF, 0); }

unsigned long long clinux_peak_memory(void) {
    struct rusage used;
    if (getrusage(RUSAGE_SELF, &used) != 0) return 0;
    return (unsigned long long)used.ru_maxrss * 1024;
}

// Only calls that a signal handler may make.
static void trapped(int signal_number) {
    if (memory_limit != 0 && clinux_peak_memory() >= memory_limit / 4 * 3) _exit(exhausted_status);
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

void clinux_tell_exhaustion(int status) {
    static const int traps[] = {SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS};
    exhausted_status = status;
    for (unsigned long place = 0; place < sizeof traps / sizeof traps[0]; place++) signal(traps[place], trapped);
}
