/* No sysctl: it always fails, which Netty takes as "no TCP fast open". */
#ifndef MINIKQ_SYSCTL_H
#define MINIKQ_SYSCTL_H

#include <errno.h>
#include <stddef.h>

static inline int sysctlbyname(const char *name, void *old, size_t *old_length, void *new_value, size_t new_length) {
    (void) name;
    (void) old;
    (void) old_length;
    (void) new_value;
    (void) new_length;
    errno = ENOSYS;
    return -1;
}

#endif
