# cmake -DROOT=<source tree> -P check_includes.cmake
# Two rules, read from LayerTable.cmake and the table below:
#  1. <hindsight/X/...> may be included only by layer X itself and by layers that list X in USES.
#  2. a foreign header may be included only below the folders that own its library.
cmake_minimum_required(VERSION 3.25)

set(layers "")
function(hindsight_layer name)
    cmake_parse_arguments(L "" "FOLDER" "USES;EXTERNAL" ${ARGN})
    set(layers ${layers} ${name} PARENT_SCOPE)
    set(folder_${name} "${L_FOLDER}" PARENT_SCOPE)
    set(uses_${name} "${L_USES}" PARENT_SCOPE)
endfunction()
include("${CMAKE_CURRENT_LIST_DIR}/LayerTable.cmake")

# pattern of a foreign include | folders that may use it
set(foreign
    "^(obs|obs-[a-z-]+|util/[a-z-]+|graphics/[a-z-]+|media-io/[a-z-]+)\\.h$|capture/obs"
    "^lib(avformat|avcodec|avutil|avfilter|swscale|swresample)/|encoder"
    "^ass/|encoder/render"
    "^ft2build\\.h$|encoder/overlay"
    "^sqlite3\\.h$|src/library"
    "^SDL|capture/input"
    "^mpv/|ui"
    "^(xcb|X11)/|capture ui/tray"
    "^libyuv|capture/direct"
    "^pulse/|capture/sound"
    "^(QWidget|QApplication|QMainWindow|QtWidgets|QSystemTrayIcon|QPainter)|ui"
    "^toml\\+\\+/|src/config src/actions"
    "^CLI/|src/ctl")

set(breaches "")
file(GLOB_RECURSE files RELATIVE "${ROOT}" "${ROOT}/src/*.[ch]pp" "${ROOT}/include/*.hpp"
     "${ROOT}/capture/*.[ch]pp" "${ROOT}/encoder/*.[ch]pp" "${ROOT}/ui/*.[ch]pp")
foreach(file IN LISTS files)
    # The layer of a file: the longest folder that contains it.
    set(layer "")
    set(best 0)
    if(file MATCHES "^include/hindsight/([a-z]+)/")
        set(layer "${CMAKE_MATCH_1}")
        if(layer STREQUAL "ports")
            set(layer "core")
        endif()
    else()
        foreach(name IN LISTS layers)
            string(LENGTH "${folder_${name}}" length)
            string(FIND "${file}" "${folder_${name}}/" at)
            if(at EQUAL 0 AND length GREATER best)
                set(layer "${name}")
                set(best ${length})
            endif()
        endforeach()
    endif()
    if(layer STREQUAL "")
        list(APPEND breaches "${file}: lies in no layer of LayerTable.cmake")
        continue()
    endif()

    file(STRINGS "${ROOT}/${file}" lines REGEX "^[ \t]*#[ \t]*include")
    foreach(line IN LISTS lines)
        if(NOT line MATCHES "[<\"]([^>\"]+)[>\"]")
            continue()
        endif()
        set(included "${CMAKE_MATCH_1}")
        if(included MATCHES "^hindsight/([a-z]+)/")
            set(target "${CMAKE_MATCH_1}")
            if(target STREQUAL "ports")
                set(target "core")
            endif()
            if(NOT target STREQUAL layer AND NOT target IN_LIST uses_${layer})
                list(APPEND breaches "${file}: layer '${layer}' may not include <${included}>")
            endif()
            continue()
        endif()
        foreach(rule IN LISTS foreign)
            string(REGEX MATCH "^(.*)\\|([^|]*)$" _ "${rule}")
            set(pattern "${CMAKE_MATCH_1}")
            string(REPLACE " " ";" owners "${CMAKE_MATCH_2}")
            if(included MATCHES "${pattern}")
                set(owned FALSE)
                foreach(owner IN LISTS owners)
                    string(FIND "${file}" "${owner}/" at)
                    if(at EQUAL 0)
                        set(owned TRUE)
                    endif()
                endforeach()
                if(NOT owned)
                    list(APPEND breaches
                         "${file}: <${included}> may be included only below ${CMAKE_MATCH_2}")
                endif()
            endif()
        endforeach()
    endforeach()
endforeach()

if(breaches)
    list(JOIN breaches "\n  " text)
    message(FATAL_ERROR "layer breach:\n  ${text}")
endif()
