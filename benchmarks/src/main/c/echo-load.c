/*
 * A load generator for echo servers: one thread, a closed loop. Each connection keeps "depth" messages in flight and sends
 * the next one when an answer is complete. Every byte that comes back is checked.
 *
 * usage: echo-load PORT CONNECTIONS BYTES DEPTH WARM_UP_MILLIS MILLIS SERVER_PID HOLD_MILLIS
 *
 * Prints one line of JSON about the window behind the warm-up, and goes on for HOLD_MILLIS. The exit status is 3 if a byte
 * was wrong or a connection was lost. Always ends by itself.
 */
#include "client.h"
#include "histogram.h"
#include "meter.h"
#include "pattern.h"
#include <fcntl.h>
#include <sys/epoll.h>

enum { EVENTS = 512, TICK_MILLIS = 20, PATIENCE_MILLIS = 10000 };

struct connection {
    int fd;           /* -1 when lost */
    unsigned number;
    uint64_t sent;
    uint64_t may_send; /* stream position up to which messages may be in flight */
    uint64_t received;
    uint64_t complete; /* messages that have come back */
    uint64_t measured; /* of these, inside the window */
    uint64_t *sent_at; /* a ring: when each message in flight was handed to the kernel */
};

static uint64_t size, depth;
static int measuring;
static uint64_t lost, wrong;
static long alive;
static uint64_t answered; /* connections that have had an answer */
static struct histogram latency;
static unsigned char received[CHUNK];

static void lose(struct connection *c)
{
    close(c->fd);
    c->fd = -1;
    lost++;
    alive--;
}

static void send_more(struct connection *c)
{
    while (c->sent < c->may_send) {
        uint64_t left = c->may_send - c->sent;
        ssize_t sent = send(c->fd, pattern_at(c->number, c->sent), left < CHUNK ? left : CHUNK, MSG_NOSIGNAL);
        if (sent >= 0) {
            c->sent += (uint64_t)sent;
        } else if (errno == EAGAIN) {
            return; /* the next edge tells when there is room */
        } else if (errno != EINTR) {
            lose(c);
            return;
        }
    }
}

/* Notes the messages that are complete, and allows as many new ones. */
static void complete(struct connection *c)
{
    uint64_t now = nanos();
    while (c->received >= (c->complete + 1) * size) {
        uint64_t *slot = &c->sent_at[c->complete % depth];
        if (measuring) {
            record(&latency, now - *slot);
            c->measured++;
        }
        *slot = now;
        answered += c->complete == 0;
        c->complete++;
        c->may_send += size;
    }
}

static void receive(struct connection *c, int hung_up)
{
    for (;;) {
        ssize_t got = recv(c->fd, received, CHUNK, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            return;
        if (got <= 0) {
            lose(c);
            return;
        }
        if (!is_right(received, (size_t)got, c->number, c->received) || c->received + (uint64_t)got > c->sent) {
            wrong++;
            lose(c);
            return;
        }
        c->received += (uint64_t)got;
        if (c->received >= (c->complete + 1) * size) {
            complete(c);
            send_more(c);
            if (c->fd < 0)
                return;
        }
        if (got < CHUNK && !hung_up)
            return; /* drained */
    }
}

static void open_all(struct connection *all, long count, int port, int epoll)
{
    uint64_t *rings = calloc((size_t)count * depth, sizeof *rings);
    if (!rings)
        fail("calloc");
    for (long i = 0; i < count; i++) {
        struct connection *c = &all[i];
        c->number = (unsigned)i;
        c->sent_at = rings + (uint64_t)i * depth;
        c->fd = connect_from((unsigned)(i / PER_ADDRESS), port);
        if (c->fd < 0)
            fail("connect");
        fcntl(c->fd, F_SETFL, O_NONBLOCK);
        struct epoll_event wanted = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = c};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &wanted) < 0)
            fail("epoll_ctl");
    }
}

static void wait_once(int epoll)
{
    static struct epoll_event events[EVENTS];
    int count = epoll_wait(epoll, events, EVENTS, TICK_MILLIS);
    if (count < 0 && errno != EINTR)
        fail("epoll_wait");
    for (int i = 0; i < count; i++) {
        struct connection *c = events[i].data.ptr;
        unsigned happened = events[i].events;
        int hung_up = (happened & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
        if (c->fd >= 0 && (hung_up || (happened & EPOLLIN)))
            receive(c, hung_up);
        if (c->fd >= 0 && (happened & EPOLLOUT))
            send_more(c);
    }
}

/* Longer than that if less has happened than must have, on a machine where others leave no time for it. */
static void run_for(int epoll, long millis, const uint64_t *happened, uint64_t least)
{
    uint64_t end = nanos() + (uint64_t)millis * 1000000u;
    uint64_t latest = end + (uint64_t)PATIENCE_MILLIS * 1000000u;
    while (alive > 0 && (nanos() < end || (*happened < least && nanos() < latest)))
        wait_once(epoll);
}

int main(int argc, char **argv)
{
    if (argc != 9) {
        fprintf(stderr, "usage: %s PORT CONNECTIONS BYTES DEPTH WARM_UP_MILLIS MILLIS SERVER_PID HOLD_MILLIS\n", argv[0]);
        return 2;
    }
    int port = (int)number(argv[1], 1);
    long count = number(argv[2], 1);
    size = (uint64_t)number(argv[3], 1);
    depth = (uint64_t)number(argv[4], 1);
    long warm_up = number(argv[5], 0), millis = number(argv[6], 1);
    pid_t server = (pid_t)number(argv[7], 0);
    long hold = number(argv[8], 0);
    raise_limits();
    make_pattern();
    struct connection *all = calloc((size_t)count, sizeof *all);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (!all || epoll < 0)
        fail("set-up");
    open_all(all, count, port, epoll);
    alive = count;
    for (long i = 0; i < count; i++) {
        for (uint64_t d = 0; d < depth; d++)
            all[i].sent_at[d] = nanos();
        all[i].may_send = depth * size;
        send_more(&all[i]);
    }

    run_for(epoll, warm_up, &answered, (uint64_t)count);
    struct meter before = read_meter(server);
    measuring = 1;
    run_for(epoll, millis, &latency.total, 1);
    measuring = 0;
    struct meter after = read_meter(server);

    long silent = 0;
    for (long i = 0; i < count; i++)
        silent += all[i].measured == 0;
    printf("{\"messages\":%" PRIu64 ",\"p50_us\":%.2f,\"p99_us\":%.2f,\"p999_us\":%.2f,\"max_us\":%.2f,"
           "\"wrong\":%" PRIu64 ",\"lost\":%" PRIu64 ",\"silent\":%ld,",
            latency.total, (double)quantile(&latency, 0.5) / 1e3, (double)quantile(&latency, 0.99) / 1e3,
            (double)quantile(&latency, 0.999) / 1e3, (double)latency.max / 1e3, wrong, lost, silent);
    print_meter(&before, &after);
    printf("}\n");
    fflush(stdout);
    run_for(epoll, hold, &latency.total, 0);
    return wrong || lost ? 3 : 0;
}
