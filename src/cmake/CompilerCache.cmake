# Uses a compiler cache where there is one, never forces one, and respects what the caller chose.
if(NOT CMAKE_CXX_COMPILER_LAUNCHER)
    find_program(HINDSIGHT_COMPILER_CACHE NAMES ccache sccache)
    if(HINDSIGHT_COMPILER_CACHE)
        set(CMAKE_C_COMPILER_LAUNCHER "${HINDSIGHT_COMPILER_CACHE}")
        set(CMAKE_CXX_COMPILER_LAUNCHER "${HINDSIGHT_COMPILER_CACHE}")
    endif()
endif()
