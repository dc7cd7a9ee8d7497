# HINDSIGHT_SANITIZE goes to every target, ours and GoogleTest's alike: a mixed program reports nonsense.
if(HINDSIGHT_SANITIZE)
    add_compile_options(-fsanitize=${HINDSIGHT_SANITIZE} -fno-omit-frame-pointer
                        -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${HINDSIGHT_SANITIZE})
endif()
