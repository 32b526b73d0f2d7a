# tests/fuzz/<name>_fuzz.c: strangers' bytes. With TRAM_FUZZ each is a libFuzzer program, run on its
# regressions and for a few seconds on new inputs; otherwise replay.c runs the regressions, so that
# what once broke is tried by every compiler. tests/fuzz/regressions/<name>/: one input a file;
# tests/fuzz/<name>.dict: words of the language, if there are.

# What a target links: the floor whose reader it feeds.
set(fuzz_links
    "json tram_schemas"
    "schema tram_schemas"
    "token tram_crypto"
    "sniff tram_media")

set(fuzz_seconds 8)

function(tram_fuzz name floor)
    set(target fuzz_${name})
    set(source ${CMAKE_SOURCE_DIR}/tests/fuzz/${name}_fuzz.c)
    set(regressions ${CMAKE_SOURCE_DIR}/tests/fuzz/regressions/${name})
    set(dictionary ${CMAKE_SOURCE_DIR}/tests/fuzz/${name}.dict)
    if(TRAM_FUZZ)
        add_executable(${target} ${source})
        target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    else()
        add_executable(${target} ${source} ${CMAKE_SOURCE_DIR}/tests/fuzz/replay.c)
    endif()
    target_link_libraries(${target} PRIVATE ${floor})
    add_dependencies(fuzzers ${target})

    file(GLOB inputs CONFIGURE_DEPENDS ${regressions}/*)
    if(inputs)
        add_test(NAME ${target}_regressions COMMAND ${target} ${inputs})
        set_tests_properties(${target}_regressions PROPERTIES LABELS fuzz TIMEOUT 120)
    endif()
    if(TRAM_FUZZ)
        set(corpus ${CMAKE_BINARY_DIR}/corpus/${name})
        file(MAKE_DIRECTORY ${corpus} ${CMAKE_BINARY_DIR}/crashes)
        set(options -max_total_time=${fuzz_seconds} -timeout=10 -rss_limit_mb=1024 -print_final_stats=1
            -artifact_prefix=${CMAKE_BINARY_DIR}/crashes/${name}-)
        if(EXISTS ${dictionary})
            list(APPEND options -dict=${dictionary})
        endif()
        set(seeds ${corpus})
        if(inputs)
            list(APPEND seeds ${regressions})
        endif()
        add_test(NAME ${target} COMMAND ${target} ${options} ${seeds})
        set_tests_properties(${target} PROPERTIES LABELS fuzz TIMEOUT 120)
    endif()
endfunction()

add_custom_target(fuzzers)
file(GLOB fuzz_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/fuzz/*_fuzz.c)
foreach(source ${fuzz_sources})
    get_filename_component(name ${source} NAME_WE)
    string(REGEX REPLACE "_fuzz$" "" name ${name})
    set(row ${fuzz_links})
    list(FILTER row INCLUDE REGEX "^${name} ")
    if(NOT row)
        message(FATAL_ERROR "tests/fuzz/fuzz.cmake: ${name} has no row in fuzz_links")
    endif()
    string(REGEX REPLACE "^[^ ]* " "" floor ${row})
    tram_fuzz(${name} ${floor})
endforeach()
