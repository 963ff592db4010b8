/*
 * kqueue(2) on Linux, over epoll, for tests only: enough of it, with BSD's semantics, to run a kqueue-based transport
 * without a Mac. Filters READ, WRITE, USER and Netty's SOCK; EV_CLEAR, ONESHOT, DISPATCH, RECEIPT; closing a descriptor
 * drops its knotes; adding an existing knote evaluates it again; EV_EOF may come with bytes left. To be linked with
 * -Wl,--wrap=close,--wrap=connect. README.md lists the limits, and where this differs from a Mac.
 *
 * A knote is one filter on one descriptor. One kqueue is an outer epoll, whose descriptor the caller gets. It contains
 * three epolls, one for each direction (so that a read edge never shows up as a write event, nor the reverse), and an
 * eventfd for EVFILT_USER. Waiting means to poll the outer one; harvesting, to empty the inner ones.
 *
 * Locks: all_mutex guards the list of kqueues; kqueue->mutex guards what is in one, and is not held while waiting.
 * all_mutex is taken first.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/event.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_FD 65536
#define MAX_BATCH 1024
#define NANOS 1000000000LL

enum direction { READ, WRITE, SOCK, DIRECTIONS };

struct knote {
    uint32_t generation; /* tells an event of this knote from one of an earlier knote on the same descriptor */
    unsigned short flags;
    unsigned char used, disabled;
    unsigned int fflags;
    void *udata;
};

struct kqueue {
    int fd; /* the outer epoll */
    int epoll[DIRECTIONS];
    int eventfd;
    struct knote *knotes[DIRECTIONS]; /* by descriptor */
    int user_used;
    struct kevent user;
    uint32_t generations;
    pthread_mutex_t mutex;
    struct kqueue *next;
};

static pthread_mutex_t all_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct kqueue *all;

int __real_close(int fd);
int __real_connect(int fd, const struct sockaddr *address, socklen_t length);

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * NANOS + t.tv_nsec;
}

static struct kqueue *find(int fd) {
    for (struct kqueue *q = all; q; q = q->next) {
        if (q->fd == fd) {
            return q;
        }
    }
    return NULL;
}

static void release(struct kqueue *q) {
    for (int d = 0; d < DIRECTIONS; d++) {
        if (q->epoll[d] >= 0) {
            __real_close(q->epoll[d]);
        }
        free(q->knotes[d]);
    }
    if (q->eventfd >= 0) {
        __real_close(q->eventfd);
    }
    pthread_mutex_destroy(&q->mutex);
    free(q);
}

static int contain(struct kqueue *q, int fd) {
    struct epoll_event e = {.events = EPOLLIN};
    return fd < 0 ? -1 : epoll_ctl(q->fd, EPOLL_CTL_ADD, fd, &e);
}

int kqueue(void) {
    struct kqueue *q = calloc(1, sizeof(*q));
    if (!q) {
        errno = ENOMEM;
        return -1;
    }
    pthread_mutex_init(&q->mutex, NULL);
    q->fd = epoll_create1(EPOLL_CLOEXEC);
    q->eventfd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    int failed = q->fd < 0 || contain(q, q->eventfd) < 0;
    for (int d = 0; d < DIRECTIONS; d++) {
        q->epoll[d] = epoll_create1(EPOLL_CLOEXEC);
        q->knotes[d] = calloc(MAX_FD, sizeof(struct knote));
        failed |= !q->knotes[d] || contain(q, q->epoll[d]) < 0;
    }
    if (failed) {
        int cause = errno;
        if (q->fd >= 0) {
            __real_close(q->fd);
        }
        release(q);
        errno = cause;
        return -1;
    }
    pthread_mutex_lock(&all_mutex);
    q->next = all;
    all = q;
    pthread_mutex_unlock(&all_mutex);
    return q->fd;
}

static void forget(int fd) {
    if (fd < 0 || fd >= MAX_FD) {
        return;
    }
    pthread_mutex_lock(&all_mutex);
    for (struct kqueue **link = &all; *link; link = &(*link)->next) {
        struct kqueue *q = *link;
        if (q->fd == fd) { /* the kqueue itself: nobody may be in kevent() any more */
            *link = q->next;
            release(q);
            break;
        }
        pthread_mutex_lock(&q->mutex);
        for (int d = 0; d < DIRECTIONS; d++) {
            struct knote *k = &q->knotes[d][fd];
            if (k->used && !k->disabled) {
                epoll_ctl(q->epoll[d], EPOLL_CTL_DEL, fd, NULL);
            }
            k->used = 0;
        }
        pthread_mutex_unlock(&q->mutex);
    }
    pthread_mutex_unlock(&all_mutex);
}

/* close() drops the descriptor's knotes in every kqueue first, as the kernel does. */
int __wrap_close(int fd) {
    forget(fd);
    return __real_close(fd);
}

/* Adding or modifying makes epoll look at the descriptor again. Returns 0 or an errno. */
static int arm(struct kqueue *q, enum direction d, int fd, int op) {
    static const uint32_t interest[DIRECTIONS] = {EPOLLIN | EPOLLRDHUP, EPOLLOUT, EPOLLRDHUP};
    struct knote *k = &q->knotes[d][fd];
    struct epoll_event e = {.events = interest[d]};
    if ((k->flags & EV_CLEAR) || d == SOCK) {
        e.events |= EPOLLET;
    }
    e.data.u64 = ((uint64_t) k->generation << 32) | (uint32_t) fd;
    return epoll_ctl(q->epoll[d], op, fd, &e) < 0 ? errno : 0;
}

/* A socket of the Unix domain is connected at once, of which BSD tells the WRITE knote and Linux does not. */
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t length) {
    int result = __real_connect(fd, address, length);
    if (result == 0 && fd < MAX_FD) {
        pthread_mutex_lock(&all_mutex);
        for (struct kqueue *q = all; q; q = q->next) {
            pthread_mutex_lock(&q->mutex);
            if (q->knotes[WRITE][fd].used && !q->knotes[WRITE][fd].disabled) {
                arm(q, WRITE, fd, EPOLL_CTL_MOD);
            }
            pthread_mutex_unlock(&q->mutex);
        }
        pthread_mutex_unlock(&all_mutex);
    }
    return result;
}

static void disarm(struct kqueue *q, enum direction d, int fd) {
    epoll_ctl(q->epoll[d], EPOLL_CTL_DEL, fd, NULL);
}

static int change_user(struct kqueue *q, const struct kevent *c) {
    if (!q->user_used && !(c->flags & EV_ADD)) {
        return ENOENT;
    }
    if (c->flags & EV_DELETE) {
        q->user_used = 0;
        return 0;
    }
    if (c->flags & EV_ADD) {
        q->user = *c;
        q->user_used = 1;
    }
    if (c->fflags & NOTE_TRIGGER) {
        uint64_t one = 1;
        q->user.udata = c->udata;
        return write(q->eventfd, &one, sizeof(one)) < 0 ? errno : 0;
    }
    return 0;
}

static int add(struct kqueue *q, enum direction d, int fd, const struct kevent *c) {
    struct knote *k = &q->knotes[d][fd];
    *k = (struct knote){
        .generation = ++q->generations,
        .flags = c->flags & (EV_CLEAR | EV_ONESHOT | EV_DISPATCH),
        .fflags = c->fflags,
        .udata = c->udata,
        .used = 1,
        .disabled = (c->flags & EV_DISABLE) != 0,
    };
    int error = k->disabled ? 0 : arm(q, d, fd, EPOLL_CTL_ADD);
    k->used = !error;
    return error;
}

/* Applies one entry of the change list. Returns 0 or an errno. */
static int change(struct kqueue *q, const struct kevent *c) {
    if (c->filter == EVFILT_USER) {
        return change_user(q, c);
    }
    if (c->filter != EVFILT_READ && c->filter != EVFILT_WRITE && c->filter != EVFILT_SOCK) {
        return EINVAL;
    }
    if (c->ident >= MAX_FD) {
        return EBADF;
    }
    int fd = (int) c->ident;
    enum direction d = c->filter == EVFILT_SOCK ? SOCK : c->filter == EVFILT_WRITE ? WRITE : READ;
    struct knote *k = &q->knotes[d][fd];
    if (!k->used) {
        return (c->flags & EV_ADD) && !(c->flags & EV_DELETE) ? add(q, d, fd, c) : ENOENT;
    }
    if (c->flags & EV_DELETE) {
        if (!k->disabled) {
            disarm(q, d, fd);
        }
        k->used = 0;
        return 0;
    }
    if (c->flags & EV_ADD) {
        k->udata = c->udata;
        k->flags |= c->flags & (EV_CLEAR | EV_ONESHOT);
    }
    if (c->flags & EV_DISABLE) {
        if (!k->disabled) {
            disarm(q, d, fd);
        }
        k->disabled = 1;
        return 0;
    }
    if (k->disabled && !(c->flags & (EV_ENABLE | EV_ADD))) {
        return 0;
    }
    int error = arm(q, d, fd, k->disabled ? EPOLL_CTL_ADD : EPOLL_CTL_MOD); /* re-evaluates, as f_event() does on BSD */
    if (!error) {
        k->disabled = 0;
    }
    return error;
}

/* Linux says HUP, but not RDHUP, for a stream socket that has not been connected yet. BSD says nothing. */
static int never_connected(int fd) {
    int type;
    socklen_t length = sizeof(type);
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) < 0) {
        return 0; /* a pipe, whose HUP is the end */
    }
    struct pollfd p = {.fd = fd, .events = POLLRDHUP};
    return poll(&p, 1, 0) > 0 && (p.revents & (POLLHUP | POLLRDHUP | POLLERR)) == POLLHUP;
}

static int cannot_send_any_more(int tcp_state) {
    return tcp_state == TCP_FIN_WAIT1 || tcp_state == TCP_FIN_WAIT2 || tcp_state == TCP_CLOSING
        || tcp_state == TCP_LAST_ACK || tcp_state == TCP_TIME_WAIT;
}

/* Turns epoll's event into kqueue's, with the descriptor's state as it is now. Returns whether there is one. */
static int fill(struct kqueue *q, enum direction d, const struct epoll_event *e, struct kevent *out) {
    static const short filter[DIRECTIONS] = {EVFILT_READ, EVFILT_WRITE, EVFILT_SOCK};
    int fd = (int) (uint32_t) e->data.u64;
    uint32_t events = e->events;
    struct knote *k = &q->knotes[d][fd];
    if (!k->used || k->generation != (uint32_t) (e->data.u64 >> 32) || k->disabled) {
        return 0;
    }
    if ((events & EPOLLHUP) && !(events & (EPOLLRDHUP | EPOLLERR)) && never_connected(fd)) {
        return 0;
    }
    EV_SET(out, fd, filter[d], EV_ADD | k->flags, 0, 0, k->udata);
    struct tcp_info info = {0};
    socklen_t length = sizeof(info);
    int tcp = getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) == 0;
    int bytes = 0;
    switch (d) {
    case READ:
        if (tcp && info.tcpi_state == TCP_LISTEN) {
            out->data = info.tcpi_unacked; /* the accept queue's length */
            if (out->data == 0) {
                return 0; /* emptied meanwhile: kqueue looks again at delivery */
            }
            break;
        }
        if (ioctl(fd, FIONREAD, &bytes) == 0) {
            out->data = bytes;
        }
        if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) {
            out->flags |= EV_EOF;
        } else if (tcp && bytes == 0) {
            return 0; /* drained meanwhile */
        }
        break;
    case WRITE: {
        int buffer = 0;
        length = sizeof(buffer);
        getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, &length);
        ioctl(fd, SIOCOUTQ, &bytes);
        out->data = buffer > bytes ? buffer - bytes : 0;
        if ((events & (EPOLLHUP | EPOLLERR)) || (tcp && cannot_send_any_more(info.tcpi_state))) {
            out->flags |= EV_EOF;
        }
        break;
    }
    default:
        out->fflags = (events & EPOLLRDHUP ? NOTE_READCLOSED : 0) | (events & EPOLLHUP ? NOTE_DISCONNECTED : 0)
            | (events & EPOLLERR ? NOTE_CONNRESET : 0);
        out->fflags &= k->fflags;
        if (!out->fflags || (tcp && (info.tcpi_state == TCP_LISTEN || info.tcpi_state == TCP_SYN_SENT))) {
            return 0;
        }
    }
    if (k->flags & (EV_ONESHOT | EV_DISPATCH)) {
        disarm(q, d, fd);
        k->used = !(k->flags & EV_ONESHOT);
        k->disabled = 1;
    }
    return 1;
}

/* Collects what is ready, without waiting. Returns the number of events. */
static int harvest(struct kqueue *q, struct kevent *out, int capacity) {
    struct epoll_event ready[MAX_BATCH];
    uint64_t triggers;
    int n = 0;
    if (q->user_used && read(q->eventfd, &triggers, sizeof(triggers)) > 0) {
        out[n] = q->user;
        out[n++].fflags = 0;
    }
    for (int d = 0; d < DIRECTIONS && n < capacity; d++) {
        int room = capacity - n < MAX_BATCH ? capacity - n : MAX_BATCH;
        int count = epoll_wait(q->epoll[d], ready, room, 0);
        for (int i = 0; i < count; i++) {
            n += fill(q, d, &ready[i], &out[n]);
        }
    }
    return n;
}

int kevent(int fd, const struct kevent *changes, int nchanges, struct kevent *out, int capacity,
           const struct timespec *timeout) {
    pthread_mutex_lock(&all_mutex);
    struct kqueue *q = find(fd);
    if (!q) {
        pthread_mutex_unlock(&all_mutex);
        errno = EBADF;
        return -1;
    }
    pthread_mutex_lock(&q->mutex);
    pthread_mutex_unlock(&all_mutex);
    int n = 0;
    for (int i = 0; i < nchanges; i++) {
        struct kevent c = changes[i]; /* changes and out may be the same memory */
        int error = change(q, &c);
        if (!error && (!(c.flags & EV_RECEIPT) || n >= capacity)) {
            continue;
        }
        if (n >= capacity) {
            pthread_mutex_unlock(&q->mutex);
            errno = error;
            return -1;
        }
        out[n] = c;
        out[n].flags = EV_ERROR;
        out[n++].data = error;
    }
    int64_t left = timeout ? timeout->tv_sec * NANOS + timeout->tv_nsec : 0;
    int64_t deadline = now() + left;
    while (n == 0 && capacity > 0) { /* errors do not wait, as in the kernel */
        pthread_mutex_unlock(&q->mutex);
        struct timespec wait = {left / NANOS, left % NANOS};
        struct pollfd p = {.fd = fd, .events = POLLIN};
        int polled = ppoll(&p, 1, timeout ? &wait : NULL, NULL);
        if (polled < 0) {
            return -1; /* EINTR */
        }
        pthread_mutex_lock(&q->mutex);
        if (polled > 0) {
            n = harvest(q, out, capacity);
        }
        left = timeout ? deadline - now() : 0;
        if (timeout && left <= 0) {
            break;
        }
    }
    pthread_mutex_unlock(&q->mutex);
    return n;
}
