// A report's page as a PDF (1.5) on A4: real text in real fonts, charts as vectors, headings as bookmarks and
// as structure. Every sheet has the title, "page n of m", the program's version and, where the page shows
// scores, the no-diagnosis line. What is folded on the page is open on paper.
//
// The page's own markup is what is set: only html's functions make it, so nothing else can be on it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "pyro/base/result.hpp"
#include "pyro/base/time.hpp"
#include "pyro/html/page.hpp"

namespace pyro::pdf {

// The bytes of the PDF. `created` is what it says of its making; the same page and `created` with the same
// fonts give the same bytes. Error (failed): a chart cannot be drawn, no memory.
[[nodiscard]] Result<std::string> pdf_of(const html::Page& page, UtcTime created);

// Replaces the file as a whole. It says that it was made now, or at $SOURCE_DATE_EPOCH (seconds since 1970;
// reproducible-builds.org) where that is set. Errors (failed): as above; it cannot be written.
[[nodiscard]] Status write_pdf(const html::Page& page, const std::filesystem::path& file);

}  // namespace pyro::pdf
