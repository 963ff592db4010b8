/*
 * The most direct echo server that Linux allows, to compare others with: one thread, edge-triggered epoll, one receive buffer.
 *
 * Each message costs one recv and one send, and a wait is shared by all that are ready. A read that does not fill the
 * buffer has drained the socket, so that nothing is read in vain. What a peer does not take is kept, and nothing more is
 * read from it before it has taken that.
 *
 * usage: echo-server        listens on a free port of 127.0.0.1 and says which
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER = 64 * 1024, EVENTS = 512, BACKLOG = 4096 };

struct peer {
    int fd;
    char *rest;   /* what the peer has not taken yet: from .. to; NULL until it was slow for the first time */
    size_t from;
    size_t to;
};

enum outcome { ALL_SENT, WOULD_BLOCK, BROKEN };

static char buffer[BUFFER];

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static void drop(struct peer *peer)
{
    close(peer->fd); /* which takes it out of epoll as well */
    free(peer->rest);
    free(peer);
}

/* Sends until all is gone or the socket is full; *from moves on. */
static enum outcome send_all(int fd, const char *bytes, size_t *from, size_t to)
{
    while (*from < to) {
        ssize_t sent = send(fd, bytes + *from, to - *from, MSG_NOSIGNAL);
        if (sent >= 0)
            *from += (size_t)sent;
        else if (errno == EAGAIN)
            return WOULD_BLOCK;
        else if (errno != EINTR)
            return BROKEN;
    }
    return ALL_SENT;
}

static enum outcome keep(struct peer *peer, size_t from, size_t to)
{
    if (!peer->rest && !(peer->rest = malloc(BUFFER)))
        return BROKEN;
    memcpy(peer->rest, buffer + from, to - from);
    peer->from = 0;
    peer->to = to - from;
    return WOULD_BLOCK;
}

/* Echoes what there is: until the socket is drained, or the peer does not take more. */
static enum outcome echo(struct peer *peer, int hung_up)
{
    for (;;) {
        ssize_t got = recv(peer->fd, buffer, BUFFER, 0);
        if (got < 0) {
            if (errno == EINTR)
                continue;
            return errno == EAGAIN ? ALL_SENT : BROKEN;
        }
        if (got == 0)
            return BROKEN; /* the end of the stream */
        size_t sent = 0;
        enum outcome outcome = send_all(peer->fd, buffer, &sent, (size_t)got);
        if (outcome == WOULD_BLOCK)
            return keep(peer, sent, (size_t)got);
        if (outcome == BROKEN)
            return BROKEN;
        if (got < BUFFER && !hung_up)
            return ALL_SENT; /* drained: the next edge tells when there is more */
    }
}

static void ready(struct peer *peer, unsigned events)
{
    int hung_up = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    enum outcome outcome = ALL_SENT;
    if (peer->from < peer->to)
        outcome = send_all(peer->fd, peer->rest, &peer->from, peer->to);
    else if (!hung_up && !(events & EPOLLIN))
        return; /* writable, and nothing to write */
    if (outcome == ALL_SENT)
        outcome = echo(peer, hung_up);
    if (outcome == BROKEN)
        drop(peer);
}

static void accept_all(int listener, int epoll)
{
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) {
            if (errno == EINTR || errno == ECONNABORTED)
                continue;
            return; /* nobody waits, or there is no descriptor left: the listener is level-triggered and tells again */
        }
        int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct peer *peer = calloc(1, sizeof *peer);
        if (!peer)
            fail("calloc");
        peer->fd = fd;
        struct epoll_event wanted = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = peer};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &wanted) < 0)
            drop(peer);
    }
}

static int listen_on_loopback(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, length) < 0 || listen(fd, BACKLOG) < 0
            || getsockname(fd, (struct sockaddr *)&address, &length) < 0)
        fail("listen");
    printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

int main(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max; /* as the JVM does */
        setrlimit(RLIMIT_NOFILE, &files);
    }
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    int listener = listen_on_loopback();
    struct epoll_event wanted = {.events = EPOLLIN, .data.ptr = NULL};
    if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &wanted) < 0)
        fail("epoll");
    struct epoll_event events[EVENTS];
    for (;;) {
        int count = epoll_wait(epoll, events, EVENTS, -1);
        if (count < 0 && errno != EINTR)
            fail("epoll_wait");
        for (int i = 0; i < count; i++) {
            if (events[i].data.ptr)
                ready(events[i].data.ptr, events[i].events);
            else
                accept_all(listener, epoll);
        }
    }
}
