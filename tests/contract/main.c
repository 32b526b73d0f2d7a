/* The contract of the store, held against one engine: contract ENGINE */
#include <stdio.h>
#include <string.h>

#include "tests/contract/crew.h"

int main(int argc, char **argv)
{
    fixture_engine = argc >= 2 ? engine_named(argv[1]) : NULL;
    if (fixture_engine && argc > 2 && strcmp(argv[2], "--work") == 0)
        return crew_main(argc, argv);
    if (!fixture_engine || argc != 2) {
        fprintf(stderr, "usage: contract %s\n", engine_names());
        return 2;
    }
    int (*const suites[])(void) = {
        documents_suite, scan_suite,   plan_suite,         tally_suite,       words_suite,
        create_suite,    change_suite, many_suite,         fault_suite,       blob_suite,
        lease_suite,     copy_suite,   copy_refusal_suite, concurrency_suite,
    };
    int failures = 0;
    for (size_t i = 0; i < ARRAY_LEN(suites); i++)
        failures += suites[i]();
    if (fixture_engine->shared)
        failures += processes_suite();
    return failures != 0;
}
