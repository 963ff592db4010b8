/*
 * Counts the system calls of event loops. Preloaded into a process, it counts what the threads call that have waited with
 * epoll before, in a file that others can map: SYSCALL_COUNTS names it. Netty's and the JDK's native code call the C library,
 * so that nothing else has to be known about them.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <unistd.h>

/* The places in the file, each a 64-bit number. */
enum { READS, WRITES, WAITS, CONTROLS, OTHERS, PLACES };

static uint64_t *counts;
static __thread int waits; /* this thread is an event loop's */

__attribute__((constructor)) static void map_file(void)
{
    const char *name = getenv("SYSCALL_COUNTS");
    int fd = name ? open(name, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    void *memory = mmap(NULL, PLACES * sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory != MAP_FAILED)
        counts = memory;
    close(fd);
}

static void count(int place)
{
    if (counts && waits)
        __atomic_add_fetch(&counts[place], 1, __ATOMIC_SEQ_CST);
}

/* Reads and writes of anything but a socket, such as the descriptor of a wake-up, are others. */
static void count_for(int fd, int place)
{
    struct stat status;
    if (counts && waits)
        count(fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode) ? place : OTHERS);
}

/* The C library's own function. */
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define CALL(name, ...) \
    do { \
        static __typeof__(&name) real; \
        if (!real) \
            real = REAL(name); \
        return real(__VA_ARGS__); \
    } while (0)

ssize_t read(int fd, void *to, size_t size)
{
    count_for(fd, READS);
    CALL(read, fd, to, size);
}

ssize_t recv(int fd, void *to, size_t size, int flags)
{
    count_for(fd, READS);
    CALL(recv, fd, to, size, flags);
}

ssize_t readv(int fd, const struct iovec *to, int parts)
{
    count_for(fd, READS);
    CALL(readv, fd, to, parts);
}

ssize_t recvmsg(int fd, struct msghdr *to, int flags)
{
    count_for(fd, READS);
    CALL(recvmsg, fd, to, flags);
}

ssize_t recvfrom(int fd, void *restrict to, size_t size, int flags, struct sockaddr *restrict from, socklen_t *restrict length)
{
    count_for(fd, READS);
    CALL(recvfrom, fd, to, size, flags, from, length);
}

ssize_t write(int fd, const void *from, size_t size)
{
    count_for(fd, WRITES);
    CALL(write, fd, from, size);
}

ssize_t send(int fd, const void *from, size_t size, int flags)
{
    count_for(fd, WRITES);
    CALL(send, fd, from, size, flags);
}

ssize_t writev(int fd, const struct iovec *from, int parts)
{
    count_for(fd, WRITES);
    CALL(writev, fd, from, parts);
}

ssize_t sendmsg(int fd, const struct msghdr *from, int flags)
{
    count_for(fd, WRITES);
    CALL(sendmsg, fd, from, flags);
}

ssize_t sendto(int fd, const void *from, size_t size, int flags, const struct sockaddr *to, socklen_t length)
{
    count_for(fd, WRITES);
    CALL(sendto, fd, from, size, flags, to, length);
}

int epoll_wait(int epoll, struct epoll_event *events, int most, int millis)
{
    waits = 1;
    count(WAITS);
    CALL(epoll_wait, epoll, events, most, millis);
}

int epoll_pwait(int epoll, struct epoll_event *events, int most, int millis, const sigset_t *signals)
{
    waits = 1;
    count(WAITS);
    CALL(epoll_pwait, epoll, events, most, millis, signals);
}

int epoll_pwait2(int epoll, struct epoll_event *events, int most, const struct timespec *time, const sigset_t *signals)
{
    waits = 1;
    count(WAITS);
    CALL(epoll_pwait2, epoll, events, most, time, signals);
}

int epoll_ctl(int epoll, int what, int fd, struct epoll_event *event)
{
    count(CONTROLS);
    CALL(epoll_ctl, epoll, what, fd, event);
}

int timerfd_settime(int fd, int flags, const struct itimerspec *time, struct itimerspec *old)
{
    count(OTHERS);
    CALL(timerfd_settime, fd, flags, time, old);
}

int eventfd_read(int fd, eventfd_t *value)
{
    count(OTHERS);
    CALL(eventfd_read, fd, value);
}

int eventfd_write(int fd, eventfd_t value)
{
    count(OTHERS);
    CALL(eventfd_write, fd, value);
}
