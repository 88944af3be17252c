/*
 * xenshim - LD_PRELOAD stand-in for the hypervisor side of a xenstore daemon.
 *
 * Lets the stock xenstored / oxenstored (Xen 4.17) run on a machine without
 * Xen.  It interposes the few libxenctrl / libxenevtchn / libxengnttab calls
 * the daemons make, and redirects their fixed run/log directories to one
 * directory of the caller's choice.
 *
 * Environment
 *   XENSHIM_DIR      state directory (required)
 *   XENSHIM_DOMAINS  "lo-hi": domids that exist unless their .state file says
 *                    otherwise (default 0-1023)
 *   XENSHIM_CLOCK    how many times faster the monotonic clock runs (default 1):
 *                    the C daemon lets a guest write 200 times a second while
 *                    transactions are open, which a test need not wait for
 *   XENSHIM_DEBUG    if set, log calls to stderr
 *   XENSHIM_TETHER   if set, the daemon ends when its standard input does: a
 *                    test that is killed leaves no daemon behind
 *
 * Files in XENSHIM_DIR
 *   socket           the daemon's listening socket (both daemons)
 *   dom<N>.ring      4096-byte page: struct xenstore_domain_interface of
 *                    domain N (created on demand).  A guest maps it.
 *   dom<N>.state     "running" | "shutdown" | "dying" | "gone"; absence means
 *                    running if N is in XENSHIM_DOMAINS, else no such domain
 *   dom<N>.kick      optional FIFO: the daemon writes one byte on each notify
 *                    towards domain N
 *   evtchn           FIFO read by the daemon: host-endian u32 port numbers.
 *                    Port 3 is VIRQ_DOM_EXC ("some domain changed state");
 *                    port 64+N is domain N's notification.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <xenctrl.h>
#include <xenevtchn.h>
#include <xengnttab.h>

#define PORT_VIRQ 3
#define PORT_DOM0 64
#define PAGE 4096

#define REAL(ret, name, ...) \
    static ret (*real)(__VA_ARGS__); \
    if (!real) real = (ret (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static int dummy_handle[64];            /* address doubles as every handle */
static int evtchn_fd = -1;

static void dbg(const char *fmt, ...)
{
    va_list ap;
    if (!getenv("XENSHIM_DEBUG")) return;
    va_start(ap, fmt);
    fputs("xenshim: ", stderr);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    va_end(ap);
}

static const char *dir(void)
{
    static const char *d;
    if (!d && !(d = getenv("XENSHIM_DIR"))) {
        fputs("xenshim: XENSHIM_DIR is not set\n", stderr);
        _exit(1);
    }
    return d;
}

/* ---- end of the starter -------------------------------------------------- */

static void *wait_for_end(void *unused)
{
    char c;
    ssize_t n;
    do n = read(0, &c, 1); while (n > 0 || (n < 0 && errno == EINTR));
    _exit(0);
}

__attribute__((constructor)) static void tether(void)
{
    pthread_t thread;
    if (!getenv("XENSHIM_TETHER")) return;
    unsetenv("XENSHIM_TETHER");
    if (pthread_create(&thread, NULL, wait_for_end, NULL)) _exit(1);
}

/* ---- paths ------------------------------------------------------------- */

static int raw_open(const char *p, int flags, mode_t mode)
{
    REAL(int, "open", const char *, int, ...);
    return real(p, flags, mode);
}

static int ring_fd(unsigned int domid)
{
    char p[512];
    int fd;
    snprintf(p, sizeof(p), "%s/dom%u.ring", dir(), domid);
    fd = raw_open(p, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0 && ftruncate(fd, PAGE)) { close(fd); return -1; }
    return fd;
}

/* Returns p, or a rewritten path in buf. */
static const char *redirect(const char *p, char *buf, size_t n)
{
    static const char *const pre[] = { "/var/run/xenstored", "/run/xenstored",
        "/var/run/xen", "/run/xen", "/var/log/xen", "/var/lib/xenstored", NULL };
    size_t i, l;

    if (!p) return p;
    if (!strcmp(p, "/proc/xen/xsd_kva") || !strcmp(p, "/dev/xen/xsd_kva")) {
        int fd = ring_fd(0);
        if (fd >= 0) close(fd);
        snprintf(buf, n, "%s/dom0.ring", dir());
        return buf;
    }
    if (!strcmp(p, "/proc/xen/xsd_port") || !strcmp(p, "/dev/xen/xsd_port")) {
        int fd;
        snprintf(buf, n, "%s/xsd_port", dir());
        fd = raw_open(buf, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (fd >= 0) { if (write(fd, "1", 1)) {} close(fd); }
        return buf;
    }
    for (i = 0; pre[i]; i++) {
        l = strlen(pre[i]);
        if (!strncmp(p, pre[i], l) && (p[l] == '/' || !p[l])) {
            snprintf(buf, n, "%s%s", dir(), p + l);
            return buf;
        }
    }
    return p;
}

#define OPEN_BODY(name) \
    char b[600]; mode_t mode = 0; \
    REAL(int, name, const char *, int, ...); \
    if (flags & (O_CREAT | O_TMPFILE)) { \
        va_list ap; va_start(ap, flags); mode = va_arg(ap, mode_t); va_end(ap); } \
    return real(redirect(path, b, sizeof(b)), flags, mode)

int open(const char *path, int flags, ...) { OPEN_BODY("open"); }
int open64(const char *path, int flags, ...) { OPEN_BODY("open64"); }

int unlink(const char *p)
{ char b[600]; REAL(int, "unlink", const char *); return real(redirect(p, b, sizeof(b))); }
int mkdir(const char *p, mode_t m)
{ char b[600]; REAL(int, "mkdir", const char *, mode_t); return real(redirect(p, b, sizeof(b)), m); }
int access(const char *p, int m)
{ char b[600]; REAL(int, "access", const char *, int); return real(redirect(p, b, sizeof(b)), m); }
int chmod(const char *p, mode_t m)
{ char b[600]; REAL(int, "chmod", const char *, mode_t); return real(redirect(p, b, sizeof(b)), m); }
int stat(const char *p, struct stat *s)
{ char b[600]; REAL(int, "stat", const char *, struct stat *); return real(redirect(p, b, sizeof(b)), s); }
int stat64(const char *p, struct stat64 *s)
{ char b[600]; REAL(int, "stat64", const char *, struct stat64 *); return real(redirect(p, b, sizeof(b)), s); }
int rename(const char *p, const char *q)
{ char b[600], c[600]; REAL(int, "rename", const char *, const char *);
  return real(redirect(p, b, sizeof(b)), redirect(q, c, sizeof(c))); }

int bind(int fd, const struct sockaddr *sa, socklen_t len)
{
    char b[600];
    struct sockaddr_un un;
    const struct sockaddr_un *in = (const void *)sa;
    const char *q;
    REAL(int, "bind", int, const struct sockaddr *, socklen_t);

    if (sa->sa_family == AF_UNIX && len > sizeof(sa_family_t) && in->sun_path[0] == '/') {
        char p[sizeof(un.sun_path) + 1];
        size_t n = len - sizeof(sa_family_t);
        if (n > sizeof(un.sun_path)) n = sizeof(un.sun_path);
        memcpy(p, in->sun_path, n);
        p[n] = 0;
        q = redirect(p, b, sizeof(b));
        if (q != p && strlen(q) < sizeof(un.sun_path)) {
            memset(&un, 0, sizeof(un));
            un.sun_family = AF_UNIX;
            strcpy(un.sun_path, q);
            dbg("bind %s -> %s", p, q);
            return real(fd, (void *)&un, sizeof(un));
        }
    }
    return real(fd, sa, len);
}

/* oxenstored insists on raising RLIMIT_NOFILE to fs.nr_open; a container may
 * not allow it.  Ask for what can be had and never fail. */
#define RLIM_BODY(name, type) \
    type m = *r; \
    REAL(int, name, __rlimit_resource_t, const type *); \
    if (!real(w, &m)) return 0; \
    if (w == RLIMIT_NOFILE) { struct rlimit c; getrlimit(w, &c); m.rlim_cur = m.rlim_max = c.rlim_max; real(w, &m); } \
    return 0
int setrlimit(__rlimit_resource_t w, const struct rlimit *r) { RLIM_BODY("setrlimit", struct rlimit); }
int setrlimit64(__rlimit_resource_t w, const struct rlimit64 *r) { RLIM_BODY("setrlimit64", struct rlimit64); }

/* ---- time ---------------------------------------------------------------- */

int clock_gettime(clockid_t clock, struct timespec *now)
{
    static long rate;
    REAL(int, "clock_gettime", clockid_t, struct timespec *);
    int r = real(clock, now);
    if (!rate) {
        const char *e = getenv("XENSHIM_CLOCK");
        rate = e && atol(e) > 0 ? atol(e) : 1;
    }
    if (!r && clock == CLOCK_MONOTONIC && rate > 1) {
        long long ns = (long long)now->tv_nsec * rate;
        now->tv_sec = now->tv_sec * rate + ns / 1000000000;
        now->tv_nsec = ns % 1000000000;
    }
    return r;
}

/* ---- domains ----------------------------------------------------------- */

enum dom { GONE, RUNNING, SHUTDOWN, DYING };

static enum dom dom_state(uint32_t domid)
{
    char p[512], s[16] = "";
    unsigned int lo = 0, hi = 1023;
    const char *e = getenv("XENSHIM_DOMAINS");
    int fd;
    ssize_t n;

    snprintf(p, sizeof(p), "%s/dom%u.state", dir(), domid);
    fd = raw_open(p, O_RDONLY | O_CLOEXEC, 0);
    if (fd >= 0) {
        n = read(fd, s, sizeof(s) - 1);
        close(fd);
        if (n > 0) s[n] = 0;
        if (!strncmp(s, "shutdown", 8)) return SHUTDOWN;
        if (!strncmp(s, "dying", 5)) return DYING;
        if (!strncmp(s, "gone", 4)) return GONE;
        return RUNNING;
    }
    if (e) sscanf(e, "%u-%u", &lo, &hi);
    return domid == 0 || (domid >= lo && domid <= hi) ? RUNNING : GONE;
}

xc_interface *xc_interface_open(xentoollog_logger *l, xentoollog_logger *d, unsigned f)
{ return (xc_interface *)dummy_handle; }
int xc_interface_close(xc_interface *x) { return 0; }

int xc_domain_getinfo(xc_interface *x, uint32_t first, unsigned int max, xc_dominfo_t *info)
{
    enum dom s = dom_state(first);
    dbg("getinfo %u -> %d", first, s);
    if (!max || s == GONE) return 0;
    memset(info, 0, sizeof(*info));
    info->domid = first;
    info->running = s == RUNNING;
    info->shutdown = s == SHUTDOWN;
    info->dying = s == DYING;
    return 1;
}

int xc_domain_getinfolist(xc_interface *x, uint32_t first, unsigned int max, xc_domaininfo_t *info)
{
    enum dom s = dom_state(first);
    dbg("getinfolist %u -> %d", first, s);
    if (!max || s == GONE) { errno = ESRCH; return 0; }
    memset(info, 0, sizeof(*info));
    info->domain = first;
    if (s == RUNNING) info->flags |= XEN_DOMINF_running;
    if (s == SHUTDOWN) info->flags |= XEN_DOMINF_shutdown;
    if (s == DYING) info->flags |= XEN_DOMINF_dying;
    return 1;
}

const xc_error *xc_get_last_error(xc_interface *x)
{ static xc_error e; e.code = XC_ERROR_NONE; strcpy(e.message, "xenshim"); return &e; }

/* ---- pages ------------------------------------------------------------- */

static void *map_ring(uint32_t domid)
{
    int fd;
    void *p;
    if (dom_state(domid) == GONE || dom_state(domid) == DYING) { errno = EINVAL; return NULL; }
    fd = ring_fd(domid);
    if (fd < 0) return NULL;
    p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    return p == MAP_FAILED ? NULL : p;
}

void *xc_map_foreign_range(xc_interface *x, uint32_t dom, int size, int prot, unsigned long mfn)
{ dbg("map_foreign dom%u mfn %lu", dom, mfn); return map_ring(dom); }

xengnttab_handle *xengnttab_open(xentoollog_logger *l, unsigned f)
{ return (xengnttab_handle *)dummy_handle; }
int xengnttab_close(xengnttab_handle *g) { return 0; }
int xengnttab_set_max_grants(xengnttab_handle *g, uint32_t n) { return 0; }
void *xengnttab_map_grant_ref(xengnttab_handle *g, uint32_t dom, uint32_t ref, int prot)
{ dbg("map_grant dom%u ref %u", dom, ref); return map_ring(dom); }
int xengnttab_unmap(xengnttab_handle *g, void *p, uint32_t n) { return munmap(p, n * PAGE); }

/* ---- event channels ---------------------------------------------------- */

xenevtchn_handle *xenevtchn_open(xentoollog_logger *l, unsigned int flags)
{
    char p[512];
    snprintf(p, sizeof(p), "%s/evtchn", dir());
    if (mkfifo(p, 0600) && errno != EEXIST) return NULL;
    evtchn_fd = raw_open(p, O_RDWR | O_NONBLOCK, 0);
    if (evtchn_fd < 0) return NULL;
    { uint32_t x; while (read(evtchn_fd, &x, sizeof(x)) > 0) {} }
    return (xenevtchn_handle *)dummy_handle;
}
xenevtchn_handle *xenevtchn_fdopen(xentoollog_logger *l, int fd, unsigned f)
{ evtchn_fd = fd; return (xenevtchn_handle *)dummy_handle; }
int xenevtchn_close(xenevtchn_handle *x) { return 0; }
int xenevtchn_fd(xenevtchn_handle *x) { return evtchn_fd; }

xenevtchn_port_or_error_t xenevtchn_pending(xenevtchn_handle *x)
{
    uint32_t port;
    if (read(evtchn_fd, &port, sizeof(port)) != sizeof(port)) return -1;
    dbg("pending %u", port);
    return port;
}
int xenevtchn_unmask(xenevtchn_handle *x, evtchn_port_t p) { return 0; }
int xenevtchn_unbind(xenevtchn_handle *x, evtchn_port_t p) { dbg("unbind %u", p); return 0; }
xenevtchn_port_or_error_t xenevtchn_bind_virq(xenevtchn_handle *x, unsigned int virq)
{ return PORT_VIRQ; }
xenevtchn_port_or_error_t xenevtchn_bind_interdomain(xenevtchn_handle *x, uint32_t domid, evtchn_port_t port)
{ dbg("bind dom%u port %u", domid, port); return PORT_DOM0 + domid; }

int xenevtchn_notify(xenevtchn_handle *x, evtchn_port_t port)
{
    char p[512];
    int fd;
    if (port <= PORT_DOM0) return 0;
    snprintf(p, sizeof(p), "%s/dom%u.kick", dir(), port - PORT_DOM0);
    fd = raw_open(p, O_WRONLY | O_NONBLOCK | O_CLOEXEC, 0);
    if (fd >= 0) { if (write(fd, "k", 1)) {} close(fd); }
    return 0;
}
