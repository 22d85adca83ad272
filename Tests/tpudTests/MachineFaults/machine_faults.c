/* Preloaded into a daemon by tests: a wall clock that is set, and a disk whose writes fail, at the test's word.
   The file that MACHINE_FAULTS names holds two native 64-bit numbers, shared with the test: seconds that the wall clock
   is ahead, and n for every n-th write or synchronization of a regular file to fail with EIO (0: none). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static struct {
    _Atomic long ahead;
    _Atomic long every;
} *faults;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("MACHINE_FAULTS");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *memory = mmap(NULL, sizeof *faults, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (memory != MAP_FAILED) faults = memory;
    close(file);
}

#define REAL(name) \
    static __typeof__(name) *real; \
    if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

int clock_gettime(clockid_t clock, struct timespec *time) {
    REAL(clock_gettime);
    int status = real(clock, time);
    if (faults && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) time->tv_sec += faults->ahead;
    return status;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    REAL(gettimeofday);
    int status = real(time, zone);
    if (faults) time->tv_sec += faults->ahead;
    return status;
}

time_t time(time_t *place) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (place) *place = now.tv_sec;
    return now.tv_sec;
}

static int fails(int file) {
    static _Atomic long calls;
    long every = faults ? faults->every : 0;
    struct stat status;
    if (every == 0 || fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) return 0;
    if (++calls % every != 0) return 0;
    errno = EIO;
    return 1;
}

ssize_t write(int file, const void *bytes, size_t count) {
    REAL(write);
    return fails(file) ? -1 : real(file, bytes, count);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t place) {
    REAL(pwrite);
    return fails(file) ? -1 : real(file, bytes, count, place);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t place) {
    REAL(pwrite64);
    return fails(file) ? -1 : real(file, bytes, count, place);
}

int fsync(int file) {
    REAL(fsync);
    return fails(file) ? -1 : real(file);
}

int fdatasync(int file) {
    REAL(fdatasync);
    return fails(file) ? -1 : real(file);
}
