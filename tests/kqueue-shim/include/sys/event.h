/* The part of kqueue's interface that minikq.c implements; constants as on FreeBSD and macOS. */
#ifndef MINIKQ_EVENT_H
#define MINIKQ_EVENT_H

#include <stdint.h>
#include <time.h>

struct kevent {
    uintptr_t ident;
    short filter;
    unsigned short flags;
    unsigned int fflags;
    intptr_t data;
    void *udata;
};

#define EVFILT_READ (-1)
#define EVFILT_WRITE (-2)
#define EVFILT_USER (-11)
#define EVFILT_SOCK (-13) /* private to macOS, as in netty_kqueue_native.c */

#define EV_ADD 0x1
#define EV_DELETE 0x2
#define EV_ENABLE 0x4
#define EV_DISABLE 0x8
#define EV_ONESHOT 0x10
#define EV_CLEAR 0x20
#define EV_RECEIPT 0x40
#define EV_DISPATCH 0x80
#define EV_ERROR 0x4000
#define EV_EOF 0x8000

#define NOTE_FFNOP 0
#define NOTE_TRIGGER 0x01000000
#define NOTE_CONNRESET 0x1
#define NOTE_READCLOSED 0x2
#define NOTE_DISCONNECTED 0x1000

#define EV_SET(kev, id, filt, fl, ffl, dat, ud)  \
    do {                                         \
        struct kevent *kev_ = (kev);             \
        kev_->ident = (uintptr_t) (id);          \
        kev_->filter = (filt);                   \
        kev_->flags = (unsigned short) (fl);     \
        kev_->fflags = (ffl);                    \
        kev_->data = (dat);                      \
        kev_->udata = (ud);                      \
    } while (0)

int kqueue(void);
int kevent(int kq, const struct kevent *changes, int nchanges, struct kevent *out, int capacity,
           const struct timespec *timeout);

#endif
