# The programs: tramd, tramctl, and what they share (tram_programs, which unit tests link).
# tram-decoder, tram-papers, tram-forms and tram-videos stand alone: media/decoder.cmake.
set(shipped_data calendar.json communes.csv categories.json)
list(TRANSFORM shipped_data PREPEND ${CMAKE_SOURCE_DIR}/data/)
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/generated/programs/shipped.c
    COMMAND ${CMAKE_COMMAND} -DFOLDER=${CMAKE_SOURCE_DIR}/data
        -DOUTPUT=${CMAKE_BINARY_DIR}/generated/programs/shipped.c
        -P ${CMAKE_SOURCE_DIR}/programs/embed.cmake
    DEPENDS ${shipped_data} ${CMAKE_SOURCE_DIR}/programs/embed.cmake VERBATIM)

file(GLOB program_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/programs/*.c)
list(FILTER program_sources EXCLUDE REGEX "/programs/(tramd[^/]*|tramctl|ctl_[^/]*|tram_decoder|tram_papers|tram_forms|tram_videos)[.]c$")
add_library(tram_programs STATIC ${program_sources}
    ${CMAKE_BINARY_DIR}/generated/programs/shipped.c)
target_link_libraries(tram_programs PUBLIC tram_handlers tram_store_sqlite tram_store_mongo)

file(GLOB tramctl_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/programs/ctl_*.c)
add_executable(tramctl ${CMAKE_SOURCE_DIR}/programs/tramctl.c ${tramctl_sources})
target_link_libraries(tramctl PRIVATE tram_programs)

if(EXISTS ${CMAKE_SOURCE_DIR}/programs/tramd.c)
    file(GLOB tramd_sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/programs/tramd*.c)
    add_executable(tramd ${tramd_sources})
    target_link_libraries(tramd PRIVATE tram_programs)
    add_dependencies(tramd tram-decoder tram-papers tram-forms tram-videos)
    install(TARGETS tramd tramctl tram-decoder tram-papers tram-forms tram-videos RUNTIME DESTINATION bin)
endif()
