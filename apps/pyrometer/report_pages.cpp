#include "report_pages.hpp"

#include "pyro/pdf/write_pdf.hpp"

namespace pyro::cli {

void add_page_flags(CLI::App& verb, PageFlags& flags, const std::string& what) {
  verb.add_option("--html", flags.html, "Write a page with " + what)->type_name("FILE");
  verb.add_option("--pdf", flags.pdf, "Write that page as a PDF, on A4")->type_name("FILE");
}

Status write_report(const html::Page& page, const PageFlags& flags) {
  if (!flags.html.empty()) {
    if (Status written = page.write(flags.html); !written) return written;
  }
  if (!flags.pdf.empty()) return pdf::write_pdf(page, flags.pdf);
  return {};
}

}  // namespace pyro::cli
