# cmake -DSOURCE=<this folder> -DOUTPUT=<folder> -DHINDSIGHT_BIN_DIR=<where the programs are> [-DSYSTEMD=ON] -P …
# writes the files that must name the programs by their full path. A service file with SystemdService= needs the
# unit installed beside it, so the build tree's own copy goes without.
set(id io.github.hindsight.Hindsight)
set(HINDSIGHT_SYSTEMD_LINE "")
if(SYSTEMD)
    set(HINDSIGHT_SYSTEMD_LINE "SystemdService=${id}.service")
endif()
# Exec= of a desktop entry is quoted twice: by the rules of its arguments, then as a string of the file.
set(HINDSIGHT_EXEC_DIR "${HINDSIGHT_BIN_DIR}")
string(REPLACE "%" "%%" HINDSIGHT_EXEC_DIR "${HINDSIGHT_EXEC_DIR}")
string(REGEX REPLACE "([\"`$\\])" "\\\\\\1" HINDSIGHT_EXEC_DIR "${HINDSIGHT_EXEC_DIR}")
string(REPLACE "\\" "\\\\" HINDSIGHT_EXEC_DIR "${HINDSIGHT_EXEC_DIR}")
configure_file("${SOURCE}/${id}.desktop.in" "${OUTPUT}/applications/${id}.desktop" @ONLY)
configure_file("${SOURCE}/${id}-autostart.desktop.in"
               "${OUTPUT}/hindsight/autostart/${id}.desktop" @ONLY)
configure_file("${SOURCE}/${id}.dbus.in" "${OUTPUT}/dbus-1/services/${id}.service" @ONLY)
configure_file("${SOURCE}/${id}.unit.in" "${OUTPUT}/systemd/user/${id}.service" @ONLY)
