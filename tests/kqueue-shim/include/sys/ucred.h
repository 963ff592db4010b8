/* BSD's struct xucred, TCP_NOPUSH and sendfile, as far as Netty's kqueue library names them. */
#ifndef MINIKQ_UCRED_H
#define MINIKQ_UCRED_H

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/types.h>

struct xucred {
    unsigned cr_version;
    uid_t cr_uid;
    short cr_ngroups;
    gid_t cr_groups[16];
};
#define cr_gid cr_groups[0]

#ifndef LOCAL_PEERCRED
#define LOCAL_PEERCRED 0x7fff0001 /* getsockopt answers ENOPROTOOPT */
#endif

#ifndef TCP_NOPUSH
#define TCP_NOPUSH TCP_CORK
#endif

static inline int minikq_sendfile(int file, int socket, off_t offset, size_t length, void *headers, off_t *sent,
                                  int flags) {
    (void) headers;
    (void) flags;
    ssize_t n = sendfile(socket, file, &offset, length);
    *sent = n < 0 ? 0 : n;
    return n < 0 ? -1 : 0;
}
#define sendfile minikq_sendfile

#endif
