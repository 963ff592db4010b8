/*
 * Connections that come and go: connect, one message, its echo, the end of the stream in both directions, close. So many at
 * a time, each followed by the next.
 *
 * usage: churn-load PORT AT_ONCE BYTES WARM_UP_MILLIS MILLIS SERVER_PID
 *
 * Prints one line of JSON about the window behind the warm-up; its latency is from before the connect to behind the
 * server's end of the stream. The exit status is 3 if a byte was wrong or a connection was lost. Our side ends first, so it
 * has the TIME_WAIT: the addresses it connects from take turns, so that no port is missed.
 */
#include "client.h"
#include "histogram.h"
#include "meter.h"
#include "pattern.h"
#include <sys/epoll.h>

enum { EVENTS = 512, TICK_MILLIS = 20, PATIENCE_MILLIS = 10000 };

struct connection {
    int fd;
    unsigned number;
    uint64_t since;
    size_t received;
};

static int port, epoll;
static size_t size;
static int measuring;
static unsigned opened;
static uint64_t lost, wrong, ended;
static struct histogram latency;
static unsigned char received[CHUNK];

static void begin(struct connection *c)
{
    c->since = nanos();
    c->number = opened++;
    c->received = 0;
    c->fd = connect_from(c->number % ADDRESSES, port);
    if (c->fd < 0)
        fail("connect");
    struct epoll_event wanted = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = c};
    if (send(c->fd, pattern_at(c->number, 0), size, MSG_NOSIGNAL) != (ssize_t)size
            || epoll_ctl(epoll, EPOLL_CTL_ADD, c->fd, &wanted) < 0)
        fail("send");
}

static void end(struct connection *c, int well)
{
    close(c->fd);
    ended++;
    if (!well)
        lost++;
    else if (measuring)
        record(&latency, nanos() - c->since);
    begin(c);
}

static void receive(struct connection *c)
{
    ssize_t got = recv(c->fd, received, CHUNK, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        end(c, got == 0 && c->received == size);
        return;
    }
    if (c->received + (size_t)got > size || !is_right(received, (size_t)got, c->number, c->received)) {
        wrong++;
        end(c, 0);
        return;
    }
    c->received += (size_t)got;
    if (c->received == size)
        shutdown(c->fd, SHUT_WR);
}

/* Longer than that if nothing has happened, on a machine where others leave no time for it. */
static void run_for(long millis, const uint64_t *happened)
{
    static struct epoll_event events[EVENTS];
    uint64_t end = nanos() + (uint64_t)millis * 1000000u;
    uint64_t latest = end + (uint64_t)PATIENCE_MILLIS * 1000000u;
    while (nanos() < end || (*happened == 0 && nanos() < latest)) {
        int count = epoll_wait(epoll, events, EVENTS, TICK_MILLIS);
        for (int i = 0; i < count; i++)
            receive(events[i].data.ptr);
    }
}

int main(int argc, char **argv)
{
    if (argc != 7) {
        fprintf(stderr, "usage: %s PORT AT_ONCE BYTES WARM_UP_MILLIS MILLIS SERVER_PID\n", argv[0]);
        return 2;
    }
    port = (int)number(argv[1], 1);
    long at_once = number(argv[2], 1);
    size = (size_t)number(argv[3], 1);
    if (size > CHUNK) {
        fprintf(stderr, "at most %d bytes\n", CHUNK);
        return 2;
    }
    long warm_up = number(argv[4], 0), millis = number(argv[5], 1);
    pid_t server = (pid_t)number(argv[6], 0);
    raise_limits();
    make_pattern();
    struct connection *all = calloc((size_t)at_once, sizeof *all);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    if (!all || epoll < 0)
        fail("set-up");
    for (long i = 0; i < at_once; i++)
        begin(&all[i]);

    run_for(warm_up, &ended);
    struct meter before = read_meter(server);
    measuring = 1;
    run_for(millis, &latency.total);
    measuring = 0;
    struct meter after = read_meter(server);

    printf("{\"messages\":%" PRIu64 ",\"p50_us\":%.2f,\"p99_us\":%.2f,\"p999_us\":%.2f,\"max_us\":%.2f,"
           "\"wrong\":%" PRIu64 ",\"lost\":%" PRIu64 ",\"silent\":0,",
            latency.total, (double)quantile(&latency, 0.5) / 1e3, (double)quantile(&latency, 0.99) / 1e3,
            (double)quantile(&latency, 0.999) / 1e3, (double)latency.max / 1e3, wrong, lost);
    print_meter(&before, &after);
    printf("}\n");
    return wrong || lost ? 3 : 0;
}
