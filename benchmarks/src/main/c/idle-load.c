/*
 * Many connections that do nothing most of the time.
 *
 * usage: idle-load PORT CONNECTIONS
 *
 * Opens the connections one after the other and has one message echoed on each. Then, for each line on standard input, all
 * of them do that once more. Behind each turn it prints how many have got the right answer. It ends with its input.
 */
#include "client.h"
#include "pattern.h"

enum { SIZE = 64, PATIENCE_SECONDS = 10 };

/* One message there and back. */
static int echo(int fd, unsigned connection, uint64_t turn)
{
    unsigned char answer[SIZE];
    if (send(fd, pattern_at(connection, turn * SIZE), SIZE, MSG_NOSIGNAL) != SIZE)
        return 0;
    return recv(fd, answer, SIZE, MSG_WAITALL) == SIZE && is_right(answer, SIZE, connection, turn * SIZE);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: %s PORT CONNECTIONS\n", argv[0]);
        return 2;
    }
    int port = (int)number(argv[1], 1);
    long count = number(argv[2], 1);
    raise_limits();
    make_pattern();
    int *fds = calloc((size_t)count, sizeof *fds);
    if (!fds)
        fail("calloc");
    struct timeval patience = {.tv_sec = PATIENCE_SECONDS};
    char line[80];
    uint64_t turn = 0;
    do {
        long right = 0;
        for (long i = 0; i < count; i++) {
            if (turn == 0) {
                fds[i] = connect_from((unsigned)(i / PER_ADDRESS), port);
                if (fds[i] < 0)
                    fail("connect");
                setsockopt(fds[i], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
            }
            right += echo(fds[i], (unsigned)i, turn);
        }
        printf("%ld\n", right);
        fflush(stdout);
        turn++;
    } while (fgets(line, sizeof line, stdin));
    return 0;
}
