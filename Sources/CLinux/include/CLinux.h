// What Glibc's module map leaves out and what Swift cannot call (variadics, macros): one place for all of it.
#ifndef TPUD_CLINUX_H
#define TPUD_CLINUX_H
// _GNU_SOURCE is not defined here: with it this module's fd_set differs from that of Swift's Glibc module, and a target
// that imports both may not build. What Glibc declares for it alone is declared by hand.
#include <fcntl.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>

extern int accept4(int listener, struct sockaddr *address, socklen_t *length, int flags);
static inline int clinux_accept4(int listener, struct sockaddr *address, socklen_t *length) {
    return accept4(listener, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

// The user of the process at the other end of a Unix socket, as it was when it connected (SO_PEERCRED of unix(7)); -1 where
// that is not known. Its `struct ucred` is three ints: process, user, group.
static inline long long clinux_peer_user(int socket) {
    struct { int process; unsigned int user; unsigned int group; } credentials;
    socklen_t length = sizeof credentials;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) return -1;
    return length == sizeof credentials ? (long long)credentials.user : -1;
}

// The event bits of epoll(7) as plain numbers: EPOLLET is 1u << 31, which the enum's import makes awkward.
static const unsigned int clinux_epollin = EPOLLIN;
static const unsigned int clinux_epollout = EPOLLOUT;
static const unsigned int clinux_epollrdhup = EPOLLRDHUP;
static const unsigned int clinux_epollhup = EPOLLHUP;
static const unsigned int clinux_epollerr = EPOLLERR;
static const unsigned int clinux_epollet = EPOLLET;

// epoll_data is a union: only its 64-bit member is used here.
static inline int clinux_epoll_ctl(int epoll, int operation, int descriptor, unsigned int events,
                                   unsigned long long token) {
    struct epoll_event event;
    event.events = events;
    event.data.u64 = token;
    return epoll_ctl(epoll, operation, descriptor, &event);
}

extern int pthread_setname_np(pthread_t thread, const char *name);
// A name longer than 15 bytes is refused and then not set.
static inline void clinux_name_thread(pthread_t thread, const char *name) { (void)pthread_setname_np(thread, name); }

// fcntl is variadic.
static inline int clinux_get_status_flags(int descriptor) { return fcntl(descriptor, F_GETFL); }
static inline int clinux_set_status_flags(int descriptor, int flags) { return fcntl(descriptor, F_SETFL, flags); }

// prctl(2) is variadic. The signal comes when the thread that started this process ends: that thread must live as long
// as its process.
static inline int clinux_set_parent_death_signal(int signal) { return prctl(PR_SET_PDEATHSIG, signal, 0L, 0L, 0L); }

extern int renameat2(int old_folder, const char *old_name, int new_folder, const char *new_name, unsigned int flags);
// Two existing names swapped in one step: RENAME_EXCHANGE, which is 2 (linux/fs.h).
static inline int clinux_rename_exchange(const char *one, const char *other) {
    return renameat2(AT_FDCWD, one, AT_FDCWD, other, 2u);
}

// Opens a file for reading, without blocking, close-on-exec, by a path that may not leave the root, also not through
// links (an absolute link counts as leaving): openat2 with RESOLVE_BENEATH, Linux 5.6; -1 and errno otherwise.
int clinux_open_beneath(const char *root, const char *path);

// What a process that works on what came from outside allows itself. Each returns 0, or -1 and errno.
//
// So many more seconds of processor time for the whole process; then SIGXCPU ends it.
int clinux_limit_processor_time(unsigned int seconds);
// So many bytes of memory of its own (RLIMIT_DATA: heap, stacks, anonymous maps).
int clinux_limit_memory(unsigned long long bytes);
// No core files.
int clinux_leave_no_core(void);
// Gives the calling thread, and the threads that it starts, a niceness of at least `nice`: it steps back behind those that
// have less. On Linux a niceness is a thread's own (setpriority(2), "C library/kernel differences").
int clinux_step_back(int nice);
// A process that traps once it has used three quarters of its memory limit ends with `status` in place of the signal:
// Swift traps where it gets no memory.
void clinux_tell_exhaustion(int status);
// Gives every block of so many bytes and more back to the system when it is freed. glibc would keep those up to 32 MiB once
// it had met one (mallopt(3), M_MMAP_THRESHOLD).
void clinux_give_back_blocks_from(int bytes);
// Standard output is written line by line, wherever it leads.
void clinux_print_lines(void);
// The most memory that the process has used, in bytes.
unsigned long long clinux_peak_memory(void);
#endif
