# tests/unit/*_test.c: one cmocka program a file, linked against the floors its name's folder needs.
pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)

# tram_test(target source LINK …)
function(tram_test target source)
    cmake_parse_arguments(T "" "" "LINK" ${ARGN})
    add_executable(${target} ${source})
    target_link_libraries(${target} PRIVATE ${T_LINK} PkgConfig::CMOCKA)
    add_test(NAME ${target} COMMAND ${target} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(${target} PROPERTIES TIMEOUT 600)
    if(target MATCHES "walk_test$") # the longest begin first, so that none is left alone at the end
        set_tests_properties(${target} PROPERTIES COST 100)
    endif()
endfunction()

# What the tests of domain/ stand on: a province on the store in memory or on SQLite.
add_library(tram_province STATIC EXCLUDE_FROM_ALL tests/support/province.c tests/support/model.c
    tests/support/faulty.c
    tests/support/model_blob.c tests/support/model_scan.c)
target_link_libraries(tram_province PUBLIC tram_domain tram_store_sqlite PkgConfig::CMOCKA)

# tests/unit/<floor>/<name>_test.c links tram_<floor>; those of domain_<part> stand on the
# province, those of media may.
file(GLOB unit_floors RELATIVE ${CMAKE_SOURCE_DIR}/tests/unit CONFIGURE_DEPENDS
    ${CMAKE_SOURCE_DIR}/tests/unit/*)
foreach(floor ${unit_floors})
    file(GLOB unit_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/unit/${floor}/*_test.c)
    foreach(source ${unit_sources})
        get_filename_component(name ${source} NAME_WE)
        if(floor MATCHES "^domain_")
            tram_test(unit_${floor}_${name} ${source} LINK tram_province)
        elseif(floor STREQUAL "media")
            tram_test(unit_${floor}_${name} ${source} LINK tram_media tram_province)
        else()
            tram_test(unit_${floor}_${name} ${source} LINK tram_${floor})
        endif()
    endforeach()
endforeach()

# A disk that fills up below a whole program, by LD_PRELOAD (tests/api/full_disk.test.mjs).
add_library(full_disk SHARED tests/support/full_disk.c)
target_compile_definitions(full_disk PRIVATE _GNU_SOURCE)
target_compile_options(full_disk PRIVATE -Wall -Wextra -Wshadow -Wconversion)
target_link_libraries(full_disk PRIVATE dl)
if(TARGET tramd)
    add_dependencies(tramd full_disk)
endif()

include(${CMAKE_SOURCE_DIR}/tests/contract/contract.cmake OPTIONAL)
include(${CMAKE_SOURCE_DIR}/tests/mongo/mongo.cmake OPTIONAL)
include(${CMAKE_SOURCE_DIR}/tests/fuzz/fuzz.cmake OPTIONAL)
