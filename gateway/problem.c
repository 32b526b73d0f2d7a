#include "gateway/problem.h"

static const struct problem_info infos[PROBLEM_COUNT] = {
#define X(name_, status_, slug_, vi_, en_)                                                         \
    [PROBLEM_##                                                                                    \
        name_] = {.name = #name_, .slug = (slug_), .status = (status_), .title = {(vi_), (en_)}},
    PROBLEMS(X)
#undef X
};

const struct problem_info *problem_info(enum problem p)
{
    return &infos[p > PROBLEM_NONE && p < PROBLEM_COUNT ? p : PROBLEM_INTERNAL];
}
