# Everything from outside, found once. Versions and checksums stand in setup/; what each is for in THIRD_PARTY.md.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(ZLIB REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(spdlog REQUIRED)
find_package(Boost 1.81 REQUIRED)  # headers only
pkg_check_modules(LIBAV REQUIRED IMPORTED_TARGET libavformat libavcodec libavdevice libswscale libavutil)
pkg_check_modules(TURBOJPEG REQUIRED IMPORTED_TARGET libturbojpeg)
pkg_check_modules(CAIRO REQUIRED IMPORTED_TARGET cairo)
pkg_check_modules(SDL2 REQUIRED IMPORTED_TARGET sdl2)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(PNG REQUIRED IMPORTED_TARGET libpng)
if(BUILD_TESTING OR NOT DEFINED BUILD_TESTING)
  find_package(GTest REQUIRED)
  include(GoogleTest)
endif()

# The inference engine is unpacked from its wheel by setup/; see setup/fetch.
set(PYRO_HOME "${CMAKE_SOURCE_DIR}/.pyrometer" CACHE PATH "Where setup put the inference engine and the models")
list(PREPEND CMAKE_PREFIX_PATH "${PYRO_HOME}/openvino")
find_package(OpenVINO REQUIRED COMPONENTS Runtime HINTS "${PYRO_HOME}/openvino/cmake")
