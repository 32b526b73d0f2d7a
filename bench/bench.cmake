# What ./dev bench runs. Built only when asked for: cmake --build … --target bench
pkg_check_modules(NGHTTP2 QUIET IMPORTED_TARGET libnghttp2)
if(NGHTTP2_FOUND)
    add_executable(bench_load EXCLUDE_FROM_ALL bench/load.c bench/client.c bench/lag.c)
    target_link_libraries(bench_load PRIVATE tram_flags PkgConfig::NGHTTP2 PkgConfig::SSL
        PkgConfig::CRYPTO PkgConfig::SQLITE)
    add_executable(bench_raw_h2o EXCLUDE_FROM_ALL bench/raw_h2o.c)
    target_compile_definitions(bench_raw_h2o PRIVATE H2O_USE_LIBUV=0)
    target_link_libraries(bench_raw_h2o PRIVATE tram_flags PkgConfig::H2O PkgConfig::SSL
        PkgConfig::CRYPTO)
    add_executable(bench_raw_sqlite EXCLUDE_FROM_ALL bench/raw_sqlite.c)
    target_link_libraries(bench_raw_sqlite PRIVATE tram_flags PkgConfig::SQLITE)
    add_executable(bench_tokens EXCLUDE_FROM_ALL bench/tokens.c)
    target_link_libraries(bench_tokens PRIVATE tram_programs)
    add_executable(bench_sign_ins EXCLUDE_FROM_ALL bench/sign_ins.c)
    target_link_libraries(bench_sign_ins PRIVATE tram_programs)
    add_custom_target(bench DEPENDS tramd tramctl bench_load bench_raw_h2o bench_raw_sqlite
        bench_tokens bench_sign_ins bench-photo bench-forms)
endif()
