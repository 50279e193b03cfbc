// A verb's report as files: the page, and the same on paper.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "pyro/base/result.hpp"
#include "pyro/html/page.hpp"

namespace pyro::cli {

struct PageFlags {
  std::string html, pdf;  // files; empty: not wanted
  [[nodiscard]] bool wanted() const { return !html.empty() || !pdf.empty(); }
};
// --html and --pdf; `what` the page holds: "charts and tables".
void add_page_flags(CLI::App& verb, PageFlags& flags, const std::string& what);
[[nodiscard]] Status write_report(const html::Page& page, const PageFlags& flags);

}  // namespace pyro::cli
