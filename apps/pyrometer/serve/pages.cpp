#include "pages.hpp"

// Put in by the assembler: as an array in C++ a megabyte would take the compiler a minute.
__asm__(
    ".pushsection .rodata\n"
    ".balign 16\n"
    "pyrometer_pages_begin:\n"
    ".incbin \"" PYRO_PAGES
    "\"\n"
    "pyrometer_pages_end:\n"
    ".popsection\n");

extern "C" {
extern const char pyrometer_pages_begin[];
extern const char pyrometer_pages_end[];
}

namespace pyro::cli {

std::span<const char> web_pages() {
  return {pyrometer_pages_begin, pyrometer_pages_end};
}

}  // namespace pyro::cli
