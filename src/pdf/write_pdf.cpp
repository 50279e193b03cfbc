#include "pyro/pdf/write_pdf.hpp"

#include <cairo-pdf.h>
#include <libxml/parser.h>

#include <charconv>
#include <cstdlib>
#include <fstream>
#include <memory>

#include "pyro/base/clock.hpp"
#include "setter.hpp"
#include "sheets.hpp"

namespace pyro::pdf {
namespace {

// A4 in points, and its margins.
constexpr double kWidth = 210 / 25.4 * 72, kHeight = 297 / 25.4 * 72;
constexpr double kSide = 51, kTop = 56, kBottom = 68;
constexpr double kColumn = kWidth - 2 * kSide, kTallest = kHeight - kTop - kBottom;

// What stands on every sheet.
struct Frame {
  std::string title, version;
  std::vector<std::string> notices;
};

Frame frame_of(const xmlNode* body) {
  Frame frame;
  if (const xmlNode* title = find(body, "h1")) frame.title = text(title);
  for (const xmlNode* footer : children(body, "footer")) {
    for (const xmlNode* line : children(footer, "p")) frame.notices.push_back(text(line));
  }
  if (frame.notices.empty()) return frame;
  frame.version = frame.notices.back();  // its last line names the program's version
  frame.notices.pop_back();
  return frame;
}

void draw_frame(cairo_t* cairo, const Frame& frame, const Theme& theme, std::size_t number,
                std::size_t count) {
  Style small;
  small.size = kSmall;
  small.colour = theme.colour("soft");
  const Colour line = theme.colour("rule");
  if (number > 1) {  // the first has it large
    Style top = small;
    top.most_lines = 1;
    Text(frame.title, top, kColumn).draw(cairo, kSide, 30);
    rule(cairo, line, kSide, 43, kColumn, 0.5);
  }
  double y = kHeight - kBottom + 20;
  rule(cairo, line, kSide, y - 5, kColumn, 0.5);
  for (const std::string& notice : frame.notices) {
    const Text words(notice, small, kColumn);
    words.draw(cairo, kSide, y);
    y += words.height();
  }
  Style right = small;
  right.align = Align::right;
  Text(frame.version, small, kColumn / 2).draw(cairo, kSide, y);
  Text("page " + std::to_string(number) + " of " + std::to_string(count), right, kColumn)
      .draw(cairo, kSide, y);
}

void describe(cairo_surface_t* surface, const Frame& frame, UtcTime created) {
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, frame.title.c_str());
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, frame.version.c_str());
  const std::string utc = utc_text(created);  // cairo reads it to the second
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, (utc.substr(0, 19) + "Z").c_str());
}

void draw_sheets(cairo_surface_t* surface, cairo_t* cairo, const std::vector<Sheet>& sheets,
                 const Frame& frame, const Theme& theme, const std::vector<int>& lost_anchors) {
  // One element for all: only then does cairo mark the file as one with structure.
  cairo_tag_begin(cairo, "Document", nullptr);
  for (const int anchor : lost_anchors) set_anchor(cairo, anchor, kSide, kTop);
  for (std::size_t i = 0; i < sheets.size(); ++i) {
    {
      TaggedDrawing drawing(cairo);
      for (const Placed& placed : sheets[i]) {
        const double y = kTop + placed.y;
        if (!placed.repeated && !placed.box->bookmark.empty()) {
          const std::string where =
              "page=" + std::to_string(i + 1) + " pos=[0 " + std::to_string(static_cast<int>(y) - 8) + "]";
          cairo_pdf_surface_add_outline(surface, CAIRO_PDF_OUTLINE_ROOT, placed.box->bookmark.c_str(),
                                        where.c_str(), CAIRO_PDF_OUTLINE_FLAG_OPEN);
        }
        drawing.draw(*placed.box, kSide, y);
      }
    }
    cairo_tag_begin(cairo, "NonStruct", nullptr);
    draw_frame(cairo, frame, theme, i + 1, sheets.size());
    cairo_tag_end(cairo, "NonStruct");
    cairo_show_page(cairo);
  }
  cairo_tag_end(cairo, "Document");
}

}  // namespace

Result<std::string> pdf_of(const html::Page& page, UtcTime created) {
  const std::string markup = page.text();
  const std::unique_ptr<xmlDoc, void (*)(xmlDoc*)> document(
      xmlReadMemory(markup.data(), static_cast<int>(markup.size()), nullptr, nullptr,
                    XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NONET | XML_PARSE_HUGE),
      xmlFreeDoc);
  const xmlNode* root = document ? xmlDocGetRootElement(document.get()) : nullptr;
  const auto bodies = children(root, "body");
  if (bodies.empty()) return failed("the page is not what a report's page is: report this, with the page");
  const xmlNode* sheet_of_style = find(root, "style");
  const Theme theme(sheet_of_style != nullptr ? raw_text(sheet_of_style) : "");
  const xmlNode* body = bodies.front();
  const Frame frame = frame_of(body);

  Setter setter(theme, body, kTallest);
  Boxes boxes = setter.title(find(body, "header"), kColumn);
  Result<Boxes> content = setter.inside(find(body, "main"), kColumn);
  if (!content) return tl::make_unexpected(content.error());
  boxes.insert(boxes.end(), std::make_move_iterator(content->begin()),
               std::make_move_iterator(content->end()));
  const std::vector<Sheet> sheets = sheets_of(boxes, kTallest);

  std::string bytes;
  const auto write = [](void* to, const unsigned char* data, unsigned int count) {
    static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(data), count);
    return CAIRO_STATUS_SUCCESS;
  };
  const std::unique_ptr<cairo_surface_t, void (*)(cairo_surface_t*)> surface(
      cairo_pdf_surface_create_for_stream(write, &bytes, kWidth, kHeight), cairo_surface_destroy);
  const std::unique_ptr<cairo_t, void (*)(cairo_t*)> cairo(cairo_create(surface.get()), cairo_destroy);
  describe(surface.get(), frame, created);
  draw_sheets(surface.get(), cairo.get(), sheets, frame, theme, setter.lost_anchors());
  cairo_surface_finish(surface.get());
  for (const cairo_status_t status : {cairo_status(cairo.get()), cairo_surface_status(surface.get())}) {
    if (status != CAIRO_STATUS_SUCCESS)
      return failed("the page cannot be set as a PDF: report this, with the page",
                    std::string("cairo: ") + cairo_status_to_string(status));
  }
  return bytes;
}

Status write_pdf(const html::Page& page, const std::filesystem::path& file) {
  auto created = utc_now();
  if (const char* epoch = std::getenv("SOURCE_DATE_EPOCH")) {
    long long seconds = 0;
    const std::string_view text(epoch);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    // Year 9999 at most: beyond it a date has no form.
    if (error != std::errc{} || end != text.data() + text.size() || seconds < 0 || seconds > 253402300799)
      return wrong_use("SOURCE_DATE_EPOCH is '" + std::string(text) +
                       "': give seconds since 1970, or unset it");
    created = UtcTime{std::chrono::seconds{seconds}};
  }
  const Result<std::string> bytes = pdf_of(page, created);
  if (!bytes) return tl::make_unexpected(bytes.error());
  // Beside it first: a full disk leaves an earlier report whole.
  const std::filesystem::path part = file.string() + ".part";
  std::ofstream out(part, std::ios::binary);
  out.write(bytes->data(), static_cast<std::streamsize>(bytes->size()));
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(part, file, error);
  if (!out || error) {
    std::filesystem::remove(part, error);
    return failed("the PDF '" + file.string() +
                  "' cannot be written: check its folder, permissions and space");
  }
  return {};
}

}  // namespace pyro::pdf
