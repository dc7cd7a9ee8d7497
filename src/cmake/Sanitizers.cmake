# HINDSIGHT_SANITIZE goes to every target, ours and GoogleTest's alike: a mixed program reports nonsense.
if(HINDSIGHT_SANITIZE)
    add_compile_options(-fsanitize=${HINDSIGHT_SANITIZE} -fno-omit-frame-pointer
                        -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${HINDSIGHT_SANITIZE})
endif()
if(HINDSIGHT_BUILD_FUZZ)
    # The code under test must report which branches an input reached.
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()
