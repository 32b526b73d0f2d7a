# tests/fuzz/<name>_fuzz.c: strangers' bytes. With TRAM_FUZZ each is a libFuzzer program, run on its
# seeds and regressions and for a few seconds on new inputs; otherwise replay.c runs them, so that
# what once broke is tried by every compiler. tests/fuzz/seeds/<name>/: inputs that reach far, to
# begin with; tests/fuzz/regressions/<name>/: what once broke; one input a file.
# tests/fuzz/<name>.dict: words of the language, if there are. ./dev soak fuzz runs them for longer.

# What a target links: the floor whose reader it feeds.
set(fuzz_links
    "json tram_schemas"
    "schema tram_schemas"
    "token tram_crypto"
    "jws tram_crypto"
    "webauthn tram_crypto"
    "webhook tram_crypto"
    "sniff tram_media"
    "paper tram_paper"
    "signature tram_paper"
    "exif tram_media"
    "form tram_form"
    "card tram_domain"
    "text tram_base"
    "net tram_net"
    "scalar tram_domain"
    "calendar tram_domain"
    "area tram_domain"
    "plan tram_domain"
    "procedure tram_domain"
    "position tram_store"
    "query tram_gateway"
    "header tram_gateway"
    "request tram_handlers"
    "entity tram_handlers")

set(fuzz_seconds 4)

function(tram_fuzz name floor)
    set(target fuzz_${name})
    set(source ${CMAKE_SOURCE_DIR}/tests/fuzz/${name}_fuzz.c)
    set(regressions ${CMAKE_SOURCE_DIR}/tests/fuzz/regressions/${name})
    set(seeds ${CMAKE_SOURCE_DIR}/tests/fuzz/seeds/${name})
    set(dictionary ${CMAKE_SOURCE_DIR}/tests/fuzz/${name}.dict)
    if(TRAM_FUZZ)
        add_executable(${target} ${source})
        target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    else()
        add_executable(${target} ${source} ${CMAKE_SOURCE_DIR}/tests/fuzz/replay.c)
    endif()
    target_link_libraries(${target} PRIVATE ${floor})
    add_dependencies(fuzzers ${target})

    file(GLOB inputs CONFIGURE_DEPENDS ${regressions}/* ${seeds}/*)
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
        set(corpora ${corpus})
        foreach(folder ${regressions} ${seeds})
            if(EXISTS ${folder})
                list(APPEND corpora ${folder})
            endif()
        endforeach()
        add_test(NAME ${target} COMMAND ${target} ${options} ${corpora})
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
