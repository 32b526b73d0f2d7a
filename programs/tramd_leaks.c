/*
 * h2o 2.2.5 cannot take a context down while connections are open, and keeps its buffers until the
 * process ends. In sanitized builds what it holds then is no leak of ours.
 */
#ifdef __SANITIZE_ADDRESS__
const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
    return "leak:libh2o\nleak:h2o_\nleak:loop_init\n";
}
#else
typedef int nothing_here; /* ISO C forbids an empty file */
#endif
