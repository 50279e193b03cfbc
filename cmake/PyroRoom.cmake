# One room = one line:  pyro_room(<name> DEPENDS <rooms> LIBRARIES <external targets>)
#
# Sources are the room's *.cpp, its tests the *_test.cpp beside them. DEPENDS is the whole list of rooms that this one may know;
# the declared graph is written to <build>/rooms.txt, which tests/system checks for back edges.
file(WRITE ${CMAKE_BINARY_DIR}/rooms.txt "")

add_library(pyro_warnings INTERFACE)
target_compile_options(pyro_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast
  -Wcast-qual -Wunused -Woverloaded-virtual -Wimplicit-fallthrough -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 sees overlaps in std::string's operator+ that cannot be (its bug 105651). Where several sources are one unit, an
  # Impl made of another's anonymous types looks to it as if it stood in a header.
  target_compile_options(pyro_warnings INTERFACE -Wno-restrict -Wno-subobject-linkage)
  # At -O3 it also takes members that an aggregate's initialiser has not reached yet for ones that are read.
  target_compile_options(pyro_warnings INTERFACE $<$<CONFIG:Release>:-Wno-maybe-uninitialized>)
endif()
if(PYRO_SANITIZE)
  list(JOIN PYRO_SANITIZE "," _sanitizers)
  # Instrumented code makes GCC 12 see overflows of impossible sizes: there warnings are no errors.
  target_compile_options(pyro_warnings INTERFACE -fsanitize=${_sanitizers} -fno-omit-frame-pointer -fno-sanitize-recover=all
    -Wno-error)
  target_link_options(pyro_warnings INTERFACE -fsanitize=${_sanitizers})
endif()

function(pyro_room name)
  cmake_parse_arguments(ROOM "" "" "DEPENDS;LIBRARIES;PRIVATE_LIBRARIES" ${ARGN})
  file(APPEND ${CMAKE_BINARY_DIR}/rooms.txt "${name}: ${ROOM_DEPENDS}\n")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  set(target pyro_${name})
  if(sources)
    add_library(${target} STATIC ${sources})
    set(scope PUBLIC)
    target_link_libraries(${target} PRIVATE pyro_warnings ${ROOM_PRIVATE_LIBRARIES})
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  add_library(pyro::${name} ALIAS ${target})
  target_include_directories(${target} ${scope} ${CMAKE_CURRENT_SOURCE_DIR}/include)
  target_link_libraries(${target} ${scope} ${ROOM_LIBRARIES})
  foreach(other IN LISTS ROOM_DEPENDS)
    target_link_libraries(${target} ${scope} pyro::${other})
  endforeach()
  if(tests AND BUILD_TESTING)
    pyro_test(${name}_test SOURCES ${tests} LIBRARIES pyro::${name} ${ROOM_PRIVATE_LIBRARIES})
  endif()
endfunction()

# A GoogleTest executable whose cases ctest knows one by one.
function(pyro_test name)
  cmake_parse_arguments(TEST "" "" "SOURCES;LIBRARIES" ${ARGN})
  add_executable(${name} ${TEST_SOURCES})
  target_link_libraries(${name} PRIVATE ${TEST_LIBRARIES} pyro_warnings GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE PYRO_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  # A test is compiled more often than it is slow; and at -O3 GCC 12 sees impossible sizes in what tests do with vectors.
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>)
  # Cases are found when ctest runs, not when the program is linked: a build must not need to execute what it builds.
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300)
endfunction()
