# The contract of the store held against each engine, and engines against each other.
set(contract_support
    tests/support/faulty.c tests/support/model.c tests/support/model_blob.c
    tests/support/model_scan.c tests/contract/engine.c tests/contract/things.c)

# A row of the table in tests/contract/engine.c needs a name here.
set(contract_engines model sqlite mongo)
set(contract_with_mongo ${CMAKE_SOURCE_DIR}/tests/mongo/with) # a server, unless MONGODB_URL names one

add_executable(contract ${contract_support}
    tests/contract/main.c tests/contract/fixture.c
    tests/contract/documents_suite.c tests/contract/scan_suite.c tests/contract/plan_suite.c
    tests/contract/tally_suite.c tests/contract/words_suite.c tests/contract/create_suite.c
    tests/contract/change_suite.c tests/contract/many_suite.c tests/contract/fault_suite.c tests/contract/blob_suite.c
    tests/contract/lease_suite.c tests/contract/copy_suite.c
    tests/contract/copy_refusal_suite.c tests/contract/copy_ground.c
    tests/contract/concurrency_suite.c tests/contract/crew.c)
target_link_libraries(contract PRIVATE tram_store_sqlite tram_store_mongo PkgConfig::CMOCKA)

add_executable(contract_random ${contract_support}
    tests/contract/random.c tests/contract/random_draw.c tests/contract/random_query.c
    tests/contract/random_apply.c tests/contract/oracle.c)
target_link_libraries(contract_random PRIVATE tram_store_sqlite tram_store_mongo)

foreach(engine ${contract_engines})
    set(tests contract_${engine})
    add_test(NAME contract_${engine} COMMAND ${contract_with_${engine}} $<TARGET_FILE:contract> ${engine})
    if(NOT engine STREQUAL "model")
        add_test(NAME contract_random_${engine} COMMAND ${contract_with_${engine}}
            $<TARGET_FILE:contract_random> model ${engine})
        list(APPEND tests contract_random_${engine})
    endif()
    set_tests_properties(${tests} PROPERTIES TIMEOUT 600 COST 50)
    if(engine STREQUAL "mongo")
        set_tests_properties(${tests} PROPERTIES FIXTURES_REQUIRED mongo_stand_in)
    endif()
endforeach()
