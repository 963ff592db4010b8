/* Connections to a server on this machine, from as many addresses as there must be for their number. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

/* Connections that share an address on our side; there are some 28,000 ports for each by default. */
enum { PER_ADDRESS = 20000, ADDRESSES = 250 };

static inline void fail(const char *what)
{
    perror(what);
    exit(1);
}

static inline long number(const char *text, long least)
{
    char *end;
    long value = strtol(text, &end, 10);
    if (*end || value < least) {
        fprintf(stderr, "'%s' must be a number from %ld on\n", text, least);
        exit(2);
    }
    return value;
}

static inline void raise_limits(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    signal(SIGPIPE, SIG_IGN);
}

/*
 * Connects from 127.0.0.(2 + place) and waits until the connection stands, which on loopback needs nothing of the server's
 * program. Returns a descriptor, or -1.
 */
static inline int connect_from(unsigned place, int port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    int on = 1;
    struct sockaddr_in local = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + place)};
    struct sockaddr_in server = {
            .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    /* Without this option bind would take the port for itself, whatever the connection's other end is. */
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&local, sizeof local) < 0
            || connect(fd, (struct sockaddr *)&server, sizeof server) < 0) {
        int error = errno;
        close(fd);
        errno = error;
        return -1;
    }
    return fd;
}
