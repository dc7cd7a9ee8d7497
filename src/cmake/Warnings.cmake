# The warnings that every target of ours is built with: link hindsight_warnings.
option(HINDSIGHT_WARNINGS_AS_ERRORS "Treat warnings as errors" OFF)

add_library(hindsight_warnings INTERFACE)
target_compile_options(
    hindsight_warnings
    INTERFACE -Wall
              -Wextra
              -Wpedantic
              -Wshadow
              -Wnon-virtual-dtor
              -Wold-style-cast
              -Wcast-qual
              -Woverloaded-virtual
              -Wundef
              $<$<BOOL:${HINDSIGHT_WARNINGS_AS_ERRORS}>:-Werror>
              $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond>
              $<$<CXX_COMPILER_ID:GNU>:-Wlogical-op>
              $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>)

# What Qt's tools generate is not ours to lint.
if(CMAKE_CXX_CLANG_TIDY)
    file(WRITE "${CMAKE_BINARY_DIR}/.clang-tidy" "Checks: '-*,misc-unused-alias-decls'\n")
endif()
