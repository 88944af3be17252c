/*
 * xs-threads: eight threads at one xenstore, through libxenstore.
 *
 *   xs-threads shared   all of them, and the one that reads watch events, share a handle
 *   xs-threads own      each has a handle of its own; events are awaited with poll
 *
 * Every thread increments shared counters in transactions, which it repeats
 * when they conflict, and writes nodes that the watcher must hear of; on the
 * way it uses directories, permissions and binary values. Prints what was
 * counted, the same for every correct store, and exits 0; on the first error,
 * or after a minute, it says what failed and exits 1.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <xenstore.h>

#define THREADS 8
#define ROUNDS 200
#define BASE "/xs-threads"
#define PATH_MAX_LENGTH 128

struct worker {
    struct xs_handle *xs;
    pthread_t thread;
    int number;
};

static void fail(const char *format, ...)
{
    va_list arguments;
    int error = errno;

    fputs("xs-threads: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, " (%s)\n", strerror(error));
    exit(1);
}

static void out_of_time(int signal)
{
    static const char message[] = "xs-threads: a minute has passed\n";

    (void)signal;
    if (write(2, message, sizeof(message) - 1)) {}
    _exit(1);
}

__attribute__((format(printf, 2, 3))) static const char *print(char *path, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(path, PATH_MAX_LENGTH, format, arguments);
    va_end(arguments);
    return path;
}

/* ---- transactions ------------------------------------------------------- */

/* False if the store says that the transaction conflicts already. */
static bool add_one(struct xs_handle *xs, xs_transaction_t t, const char *path)
{
    unsigned int length;
    char number[24];
    char *value = xs_read(xs, t, path, &length);

    if (!value) {
        if (errno != EAGAIN) fail("read %s", path);
        return false;
    }
    snprintf(number, sizeof(number), "%ld", strtol(value, NULL, 10) + 1);
    free(value);
    if (xs_write(xs, t, path, number, strlen(number))) return true;
    if (errno != EAGAIN) fail("write %s", path);
    return false;
}

static void count(struct worker *me)
{
    char own[PATH_MAX_LENGTH];
    bool ended = false;

    print(own, BASE "/counters/%d", me->number);
    while (!ended) {
        xs_transaction_t t = xs_transaction_start(me->xs);

        if (t == XBT_NULL) fail("transaction start");
        if (!add_one(me->xs, t, BASE "/counter") || !add_one(me->xs, t, own)) {
            xs_transaction_end(me->xs, t, true);
        } else {
            ended = xs_transaction_end(me->xs, t, false);
            if (!ended && errno != EAGAIN) fail("transaction end");
        }
    }
}

static void change_ones_mind(struct worker *me)
{
    xs_transaction_t t = xs_transaction_start(me->xs);

    if (t == XBT_NULL) fail("transaction start");
    if (!xs_write(me->xs, t, BASE "/counter", "lost", 4)) fail("write that is given up");
    if (!xs_rm(me->xs, t, BASE "/counters")) fail("rm that is given up");
    if (!xs_transaction_end(me->xs, t, true)) fail("transaction end, given up");
}

/* A change from outside the transaction, of a node that it has read, must not be lost. */
static void be_overtaken(struct worker *me)
{
    xs_transaction_t t = xs_transaction_start(me->xs);
    char path[PATH_MAX_LENGTH];

    print(path, BASE "/overtaken/%d", me->number);
    if (t == XBT_NULL) fail("transaction start");
    if (xs_read(me->xs, t, path, NULL) || errno != ENOENT) fail("%s is there", path);
    if (!xs_write(me->xs, XBT_NULL, path, "outside", 7)) fail("write %s", path);
    if (!xs_write(me->xs, t, path, "inside", 6)) fail("write %s in a transaction", path);
    if (xs_transaction_end(me->xs, t, false) || errno != EAGAIN) fail("a transaction overwrites %s", path);
    if (!xs_rm(me->xs, XBT_NULL, path)) fail("rm %s", path);
}

/* ---- single requests ---------------------------------------------------- */

static void use_directory(struct worker *me, int round)
{
    char path[PATH_MAX_LENGTH];
    unsigned int number;
    char **names;

    print(path, BASE "/directories/%d/%d", me->number, round);
    if (!xs_mkdir(me->xs, XBT_NULL, path)) fail("mkdir %s", path);
    print(path, BASE "/directories/%d", me->number);
    names = xs_directory(me->xs, XBT_NULL, path, &number);
    if (!names) fail("directory %s", path);
    if (number != (unsigned int)(round % 10) + 1) fail("%s has %u children in round %d", path, number, round);
    if (strtol(names[number - 1], NULL, 10) != round) fail("the last child of %s is %s in round %d", path, names[number - 1], round);
    free(names);
    if (round % 10 == 9 && !xs_rm(me->xs, XBT_NULL, path)) fail("rm %s", path);
}

static void use_permissions(struct worker *me)
{
    struct xs_permissions permissions[2] = { { .id = 0, .perms = XS_PERM_NONE }, { .id = me->number + 1, .perms = XS_PERM_READ } };
    struct xs_permissions *got;
    char path[PATH_MAX_LENGTH];
    unsigned int number;

    print(path, BASE "/permissions/%d", me->number);
    if (!xs_write(me->xs, XBT_NULL, path, "", 0)) fail("write %s", path);
    if (!xs_set_permissions(me->xs, XBT_NULL, path, permissions, 2)) fail("set permissions of %s", path);
    got = xs_get_permissions(me->xs, XBT_NULL, path, &number);
    if (!got) fail("get permissions of %s", path);
    if (number != 2 || got[0].id != 0 || got[1].id != permissions[1].id || got[1].perms != XS_PERM_READ) fail("permissions of %s", path);
    free(got);
}

static void use_values(struct worker *me, int round)
{
    unsigned char value[1000];
    char path[PATH_MAX_LENGTH];
    unsigned int length, i;
    char *got;

    for (i = 0; i < sizeof(value); i++) value[i] = (unsigned char)(i * 7 + (unsigned int)round);
    print(path, BASE "/values/%d", me->number);
    if (!xs_write(me->xs, XBT_NULL, path, value, (unsigned int)round * 10)) fail("write %s", path);
    got = xs_read(me->xs, XBT_NULL, path, &length);
    if (!got) fail("read %s", path);
    if (length != (unsigned int)round * 10 || memcmp(got, value, length)) fail("%s has another value", path);
    free(got);
    print(path, BASE "/values/%d/missing", me->number);
    if (xs_read(me->xs, XBT_NULL, path, &length) || errno != ENOENT) fail("%s is not missing", path);
}

static void *work(void *argument)
{
    struct worker *me = argument;
    char path[PATH_MAX_LENGTH];
    int round;

    for (round = 0; round < ROUNDS; round++) {
        count(me);
        if (round % 10 == 5) change_ones_mind(me);
        if (round % 10 == 6) be_overtaken(me);
        use_directory(me, round);
        use_permissions(me);
        use_values(me, round);
        print(path, BASE "/events/%d/%d", me->number, round);
        if (!xs_write(me->xs, XBT_NULL, path, "", 0)) fail("write %s", path);
    }
    return NULL;
}

/* ---- watches ------------------------------------------------------------ */

static char **next_event(struct xs_handle *xs, bool with_poll)
{
    struct pollfd ready = { .fd = xs_fileno(xs), .events = POLLIN };
    unsigned int number;
    char **event;

    if (!with_poll) {
        event = xs_read_watch(xs, &number);
        if (!event) fail("read watch");
        return event;
    }
    while (!(event = xs_check_watch(xs))) {
        if (errno != EAGAIN) fail("check watch");
        if (poll(&ready, 1, -1) < 0 && errno != EINTR) fail("poll");
    }
    return event;
}

/* Returns how many awaited events came; each thread's come in its order. */
static int await_events(struct xs_handle *xs, bool with_poll)
{
    int next[THREADS] = { 0 }, seen = 0, number, round;
    bool counter = false;

    while (seen < THREADS * ROUNDS || !counter) {
        char **event = next_event(xs, with_poll);

        if (!strcmp(event[XS_WATCH_TOKEN], "events")) {
            if (sscanf(event[XS_WATCH_PATH], BASE "/events/%d/%d", &number, &round) == 2) {
                if (round != next[number]) fail("thread %d: event %d instead of %d", number, round, next[number]);
                next[number]++;
                seen++;
            } else if (strcmp(event[XS_WATCH_PATH], BASE "/events")) fail("an event of %s", event[XS_WATCH_PATH]);
        } else if (!strcmp(event[XS_WATCH_TOKEN], "counter")) {
            char *value = xs_read(xs, XBT_NULL, BASE "/counter", NULL);

            if (strcmp(event[XS_WATCH_PATH], BASE "/counter") || !value) fail("an event of %s", event[XS_WATCH_PATH]);
            counter = strtol(value, NULL, 10) == THREADS * ROUNDS;
            free(value);
        } else fail("a token %s", event[XS_WATCH_TOKEN]);
        free(event);
    }
    return seen;
}

/* ---- the whole ---------------------------------------------------------- */

static long number_at(struct xs_handle *xs, const char *path)
{
    char *value = xs_read(xs, XBT_NULL, path, NULL);
    long number;

    if (!value) fail("read %s", path);
    number = strtol(value, NULL, 10);
    free(value);
    return number;
}

static struct xs_handle *open_store(void)
{
    struct xs_handle *xs = xs_open(0);

    if (!xs) fail("open");
    return xs;
}

int main(int argc, char **argv)
{
    bool own = argc == 2 && !strcmp(argv[1], "own");
    struct worker workers[THREADS];
    char path[PATH_MAX_LENGTH];
    struct xs_handle *xs;
    long sum = 0;
    int i, seen;

    if (!own && (argc != 2 || strcmp(argv[1], "shared"))) {
        fputs("xs-threads shared|own\n", stderr);
        return 2;
    }
    signal(SIGALRM, out_of_time);
    alarm(60);

    xs = open_store();
    if (!xs_write(xs, XBT_NULL, BASE "/counter", "0", 1)) fail("write the counter");
    for (i = 0; i < THREADS; i++) {
        if (!xs_write(xs, XBT_NULL, print(path, BASE "/counters/%d", i), "0", 1)) fail("write %s", path);
    }
    if (!xs_watch(xs, BASE "/events", "events")) fail("watch the events");
    if (!xs_watch(xs, BASE "/counter", "counter")) fail("watch the counter");

    for (i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){ .xs = own ? open_store() : xs, .number = i };
        errno = pthread_create(&workers[i].thread, NULL, work, &workers[i]);
        if (errno) fail("create a thread");
    }
    seen = await_events(xs, own);
    for (i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        sum += number_at(xs, print(path, BASE "/counters/%d", i));
        if (own) xs_close(workers[i].xs);
    }
    printf("counter %ld\nsum %ld\nevents %d\n", number_at(xs, BASE "/counter"), sum, seen);

    if (!xs_unwatch(xs, BASE "/events", "events") || !xs_unwatch(xs, BASE "/counter", "counter")) fail("unwatch");
    if (!xs_rm(xs, XBT_NULL, BASE)) fail("rm");
    xs_close(xs);
    return 0;
}
