#include "tests/contract/crew.h"

#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define SHARED_FD 3 /* the crew, in a process that was started */

static int processes = 1;
static struct crew *crew;

void crew_set_processes(int n)
{
    processes = n;
}

/* --- in each process -------------------------------------------------------------------------- */

/* false if there is no such work, or a thread could not be started. */
static bool run_threads(struct fixture *f, const char *name, int first)
{
    const struct work *work = crew_works;
    pthread_t threads[CREW_THREADS];
    int started = 0;
    while (work->name && strcmp(work->name, name) != 0)
        work++;
    for (; work->fn && started < CREW_THREADS; started++) {
        struct worker *w = &crew->workers[first + started];
        *w = (struct worker){.fixture = f, .crew = crew, .index = first + started};
        if (pthread_create(&threads[started], NULL, work->fn, w) != 0)
            break;
    }
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    return started == CREW_THREADS;
}

int crew_main(int argc, char **argv)
{
    struct fixture f = {.ground = {.engine = fixture_engine}};
    if (argc != 6)
        return 2;
    crew = mmap(NULL, sizeof(*crew), PROT_READ | PROT_WRITE, MAP_SHARED, SHARED_FD, 0);
    int n = snprintf(f.ground.folder, sizeof(f.ground.folder), "%s", argv[4]);
    if (crew == MAP_FAILED || (size_t)n >= sizeof(f.ground.folder) || fixture_open(&f) != 0)
        return 2;
    bool ran = run_threads(&f, argv[3], (int)strtol(argv[5], NULL, 10));
    store_free(f.store);
    munmap(crew, sizeof(*crew));
    return !ran;
}

/* --- in the first ----------------------------------------------------------------------------- */

static pid_t start_process(struct fixture *f, const char *work, int fd, int process)
{
    char first[16], engine[16], name[16], command[] = "contract", option[] = "--work";
    snprintf(engine, sizeof(engine), "%s", fixture_engine->name);
    snprintf(name, sizeof(name), "%s", work);
    snprintf(first, sizeof(first), "%d", process * CREW_THREADS);
    char *argv[] = {command, engine, option, name, f->ground.folder, first, NULL};
    posix_spawn_file_actions_t actions;
    pid_t pid = -1;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fd, SHARED_FD);
    int failed = posix_spawn(&pid, "/proc/self/exe", &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    return failed ? -1 : pid;
}

static void run_processes(struct fixture *f, const char *work, int fd)
{
    pid_t pids[CREW_PROCESSES];
    int statuses[CREW_PROCESSES];
    for (int i = 0; i < processes; i++)
        pids[i] = start_process(f, work, fd, i);
    for (int i = 0; i < processes; i++) {
        if (waitpid(pids[i], &statuses[i], 0) != pids[i])
            statuses[i] = -1;
    }
    for (int i = 0; i < processes; i++)
        assert_int_equal(statuses[i], 0);
}

const struct crew *crew_run(struct fixture *f, const char *work, const struct id *blob)
{
    if (crew)
        munmap(crew, sizeof(*crew));
    /* Without close-on-exec: where it is SHARED_FD already, dup2 would leave the mark. */
    int fd = memfd_create("crew", 0);
    assert_true(fd >= SHARED_FD && ftruncate(fd, sizeof(*crew)) == 0);
    crew = mmap(NULL, sizeof(*crew), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    assert_true(crew != MAP_FAILED);
    crew->n = CREW_THREADS * processes;
    if (blob)
        crew->blob = *blob;
    if (processes == 1)
        assert_true(run_threads(f, work, 0));
    else
        run_processes(f, work, fd);
    close(fd);
    for (int i = 0; i < crew->n; i++)
        assert_int_equal(crew->workers[i].failed, 0);
    return crew;
}

int crew_done(const struct crew *c)
{
    int sum = 0;
    for (int i = 0; i < c->n; i++)
        sum += c->workers[i].done;
    return sum;
}

void crew_count(struct worker *w, int result, int late)
{
    if (result == 0)
        w->done++;
    else if (result == late)
        w->others++;
    else
        w->failed = result;
}
