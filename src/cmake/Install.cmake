# `cmake --install build/<preset> --prefix <prefix>`; the prefix is known only then, so what must name the programs
# by full path is written at that moment.

set(id io.github.hindsight.Hindsight)
set(packaging "${PROJECT_SOURCE_DIR}/src/packaging")

foreach(program hindsight hindsightd hindsight-capture hindsight-input hindsightctl)
    if(TARGET ${program})
        install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    endif()
endforeach()

install(FILES "${packaging}/${id}.metainfo.xml" DESTINATION share/metainfo)
install(DIRECTORY "${packaging}/icons/hicolor" DESTINATION share/icons)

install(
    CODE "
    execute_process(
        COMMAND \"${CMAKE_COMMAND}\" \"-DSOURCE=${packaging}\"
                \"-DOUTPUT=${PROJECT_BINARY_DIR}/install-share\"
                \"-DHINDSIGHT_BIN_DIR=\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}\" -DSYSTEMD=ON
                -P \"${packaging}/configure_units.cmake\" COMMAND_ERROR_IS_FATAL ANY)
    file(INSTALL \"${PROJECT_BINARY_DIR}/install-share/\" DESTINATION \"\${CMAKE_INSTALL_PREFIX}/share\")
    ")
