# Who may link whom. A component may use exactly the components and foreign libraries listed here; anything
# else fails configuration, so that a new dependency is a decision and not an accident. The includes are held
# to the same table by check_includes.cmake, which runs as part of every build.
#
# hindsight_layer(<component> FOLDER <dir> [USES <components>] [EXTERNAL <targets>])
include_guard(GLOBAL)

set(HINDSIGHT_LAYERS "" CACHE INTERNAL "")

function(hindsight_layer name)
    cmake_parse_arguments(L "" "FOLDER" "USES;EXTERNAL" ${ARGN})
    set_property(GLOBAL PROPERTY HINDSIGHT_LAYER_${name}_FOLDER "${L_FOLDER}")
    set_property(GLOBAL PROPERTY HINDSIGHT_LAYER_${name}_USES "${L_USES}")
    set_property(GLOBAL PROPERTY HINDSIGHT_LAYER_${name}_EXTERNAL "${L_EXTERNAL}")
    set_property(GLOBAL APPEND PROPERTY HINDSIGHT_LAYERS "${name}")
endfunction()

include("${CMAKE_CURRENT_LIST_DIR}/LayerTable.cmake")

function(_hindsight_check_layer name)
    cmake_parse_arguments(C "" "" "LINKS;EXTERNAL" ${ARGN})
    get_property(layers GLOBAL PROPERTY HINDSIGHT_LAYERS)
    if(NOT name IN_LIST layers)
        message(FATAL_ERROR "'${name}' has no line in src/cmake/LayerTable.cmake")
    endif()
    get_property(uses GLOBAL PROPERTY HINDSIGHT_LAYER_${name}_USES)
    get_property(external GLOBAL PROPERTY HINDSIGHT_LAYER_${name}_EXTERNAL)
    foreach(link IN LISTS C_LINKS)
        if(NOT link IN_LIST uses)
            message(FATAL_ERROR "layer breach: '${name}' may not link '${link}' "
                                "(src/cmake/LayerTable.cmake allows: ${uses})")
        endif()
    endforeach()
    foreach(link IN LISTS C_EXTERNAL)
        if(NOT link IN_LIST external)
            message(FATAL_ERROR "layer breach: '${name}' may not link the foreign library '${link}' "
                                "(src/cmake/LayerTable.cmake allows: ${external})")
        endif()
    endforeach()
endfunction()

# hindsight_component(<name> SOURCES <files> [HEADERS <public headers under include/>]
#                     [LINKS <components>] [EXTERNAL <foreign targets>])
# makes the static library hindsight_<name>. Public headers live in include/hindsight/<name>/ and must compile
# alone (VERIFY_INTERFACE_HEADER_SETS); private ones beside the sources.
function(hindsight_component name)
    cmake_parse_arguments(C "" "" "SOURCES;HEADERS;LINKS;EXTERNAL" ${ARGN})
    _hindsight_check_layer(${name} LINKS ${C_LINKS} EXTERNAL ${C_EXTERNAL})
    add_library(hindsight_${name} STATIC ${C_SOURCES})
    list(TRANSFORM C_HEADERS PREPEND "${PROJECT_SOURCE_DIR}/include/")
    target_sources(
        hindsight_${name} PUBLIC FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/include" FILES
                                 ${C_HEADERS})
    target_include_directories(hindsight_${name} PUBLIC "${PROJECT_SOURCE_DIR}/include"
                                                 PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}")
    list(TRANSFORM C_LINKS PREPEND hindsight_)
    target_link_libraries(hindsight_${name} PUBLIC ${C_LINKS} ${C_EXTERNAL}
                                            PRIVATE hindsight_warnings)
    set_target_properties(hindsight_${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
endfunction()

# hindsight_program(<target> LAYER <name> SOURCES <files> [LINKS <components>] [EXTERNAL <foreign targets>])
# makes an executable that is held to the same table.
function(hindsight_program target)
    cmake_parse_arguments(P "" "LAYER" "SOURCES;LINKS;EXTERNAL" ${ARGN})
    _hindsight_check_layer(${P_LAYER} LINKS ${P_LINKS} EXTERNAL ${P_EXTERNAL})
    add_executable(${target} ${P_SOURCES})
    target_include_directories(${target} PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}")
    list(TRANSFORM P_LINKS PREPEND hindsight_)
    target_link_libraries(${target} PRIVATE ${P_LINKS} ${P_EXTERNAL} hindsight_warnings)
endfunction()

# Fails the build when a source file includes what its layer may not know.
add_custom_target(
    hindsight_check_includes ALL
    COMMAND ${CMAKE_COMMAND} -DROOT=${PROJECT_SOURCE_DIR} -P
            ${CMAKE_CURRENT_LIST_DIR}/check_includes.cmake
    COMMENT "Checking that includes respect the layers"
    VERBATIM)
