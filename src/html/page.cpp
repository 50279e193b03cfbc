#include "pyro/html/page.hpp"

#include <algorithm>

#include "markup.hpp"
#include "pyro/base/files.hpp"
#include "pyro/base/notice.hpp"

namespace pyro::html {

Html paragraph(std::string_view text) {
  return {element("p", text) + "\n"};
}

Html warning(std::string_view text) {
  return {"<div class=\"warn\" role=\"note\">" + escape(text) + "</div>\n"};
}

Html verbatim(std::string_view text) {
  return {element("pre", text) + "\n"};
}

Html subheading(std::string_view text, std::string_view id) {
  return {"<h3" + attribute("id", id) + ">" + escape(text) + "</h3>\n"};
}

Html beside(const std::vector<Html>& pieces) {
  std::string out = "<div class=\"beside\">\n";
  for (const Html& piece : pieces) out += "<div>" + piece.markup + "</div>\n";
  return {out + "</div>\n"};
}

Html folded(std::string_view summary, const Html& inside) {
  return {"<details>" + element("summary", summary) + "\n" + inside.markup + "</details>\n"};
}

Html tiles(const std::vector<Tile>& tiles) {
  std::string out = "<div class=\"tiles\">\n";
  for (const Tile& tile : tiles) {
    out += "<div class=\"tile " + tint_class(tile.tint) + "\">" + element("b", tile.value) +
           element("span", tile.label);
    if (!tile.detail.empty()) out += element("small", tile.detail);
    out += "</div>\n";
  }
  return {out + "</div>\n"};
}

Page& Page::section(std::string_view title, std::string_view id) {
  sections_.push_back({std::string(title), std::string(id), {}});
  return *this;
}

Page& Page::add(const Html& piece) {
  if (sections_.empty()) section("");
  sections_.back().body += piece.markup;
  return *this;
}

std::string Page::text() const {
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<meta "
      "charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n" +
      element("title", title_) + "\n<style>" + std::string(style_sheet()) +
      "</style>\n</head>\n<body>\n<header class=\"top\">\n" + element("h1", title_) + "\n";
  if (!subtitle_.empty()) out += "<p class=\"subtitle\">" + escape(subtitle_) + "</p>\n";
  if (std::ranges::count_if(sections_, [](const Section& s) { return !s.id.empty(); }) >= 3) {
    out += "<nav>\n";
    for (const Section& section : sections_) {
      if (!section.id.empty())
        out += "<a" + attribute("href", "#" + section.id) + ">" + escape(section.title) + "</a>\n";
    }
    out += "</nav>\n";
  }
  out += "</header>\n<main>\n";
  bool lens = false;
  for (const Section& section : sections_) {
    out += "<section" + attribute("id", section.id) + ">\n";
    if (!section.title.empty()) out += element("h2", section.title) + "\n";
    out += section.body + "</section>\n";
    lens = lens || section.body.find("<g data-sheet=") != std::string::npos;
  }
  out += "</main>\n<footer>\n";
  if (shows_ == Shows::scores) out += element("p", kNotice) + "\n";
  out += element("p", "Pyrometer " PYRO_VERSION) + "\n</footer>\n";
  if (lens) out += "<script>" + std::string(hover_script()) + "</script>\n";
  return out + "</body>\n</html>\n";
}

Status Page::write(const std::filesystem::path& file) const {
  return replace_file(file, text());
}

}  // namespace pyro::html
