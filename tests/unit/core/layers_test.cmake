# cmake -DROOT=<source tree> -DCASE=link|include -P layers_test.cmake
# Breaks a layer rule on purpose and succeeds only when the breach is reported.
cmake_minimum_required(VERSION 3.25)

string(RANDOM LENGTH 12 suffix)
set(tree "$ENV{TMPDIR}")
if(NOT tree)
    set(tree "/tmp")
endif()
set(tree "${tree}/hindsight-layers-${suffix}")

if(CASE STREQUAL "link")
    file(WRITE "${tree}/core.cpp" "int hindsight_nothing() { return 0; }\n")
    file(
        WRITE "${tree}/CMakeLists.txt"
        "cmake_minimum_required(VERSION 3.25)
project(Breach LANGUAGES CXX)
add_library(hindsight_warnings INTERFACE)
include(\"${ROOT}/src/cmake/Layers.cmake\")
hindsight_component(core SOURCES core.cpp LINKS library)
")
    execute_process(
        COMMAND ${CMAKE_COMMAND} -G Ninja -S "${tree}" -B "${tree}/build"
        RESULT_VARIABLE result
        OUTPUT_VARIABLE output
        ERROR_VARIABLE output)
    set(expected "'core' may not link[ \n]+'library'")
else()
    file(WRITE "${tree}/src/core/bad.cpp"
         "#include <hindsight/library/library.hpp>\n#include <sqlite3.h>\n")
    execute_process(
        COMMAND ${CMAKE_COMMAND} -DROOT=${tree} -P "${ROOT}/src/cmake/check_includes.cmake"
        RESULT_VARIABLE result
        OUTPUT_VARIABLE output
        ERROR_VARIABLE output)
    set(expected "'core'.*may[ \n]+not[ \n]+include.*<sqlite3.h>")
endif()
file(REMOVE_RECURSE "${tree}")

if(result EQUAL 0)
    message(FATAL_ERROR "the breach was not noticed:\n${output}")
endif()
if(NOT output MATCHES "${expected}")
    message(FATAL_ERROR "the breach failed for another reason:\n${output}")
endif()
