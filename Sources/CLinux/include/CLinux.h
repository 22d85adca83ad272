// What Glibc's module map leaves out and what Swift cannot call (variadics, macros): one place for all of it.
#ifndef TPUD_CLINUX_H
#define TPUD_CLINUX_H
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#endif
