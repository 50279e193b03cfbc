#include "pyro/registry/card.hpp"

#include "card_parts.hpp"
#include "pyro/html/table.hpp"

namespace pyro::registry {
namespace {

// Text that a Markdown reader shows as it is.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += ' ';
      continue;
    }
    if (std::string_view("\\`*_[]<>|#").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string markdown_row(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& cell : cells) line += " " + plain(cell) + " |";
  return line + "\n";
}

std::string markdown(const CardTable& table) {
  if (table.rows.empty()) return "";
  std::string text = table.caption.empty() ? "" : plain(table.caption) + ":\n\n";
  text += markdown_row(table.header) + "|";
  for (std::size_t i = 0; i < table.header.size(); ++i) text += table.figures && i > 0 ? "---:|" : "---|";
  text += "\n";
  for (const auto& row : table.rows) text += markdown_row(row);
  return text + "\n";
}

html::Html piece_of(const CardTable& table) {
  html::Table out{table.caption, {}, {}};
  const auto cell_of = [&](const std::string& text, std::size_t column) {
    html::Cell cell(text);
    cell.number = table.figures && column > 0;
    return cell;
  };
  for (std::size_t i = 0; i < table.header.size(); ++i) out.header.push_back(cell_of(table.header[i], i));
  for (const auto& row : table.rows) {
    std::vector<html::Cell>& cells = out.rows.emplace_back();
    for (std::size_t i = 0; i < row.size(); ++i) cells.push_back(cell_of(row[i], i));
  }
  return html::table(out);
}

}  // namespace

std::string card_markdown(const Json& record) {
  std::string text = "# Model card: " + plain(title_of(record)) + "\n\n";
  for (const CardSection& section : sections_of(record)) {
    text += "## " + plain(section.title) + "\n\n";
    for (const std::string& paragraph : section.paragraphs) text += plain(paragraph) + "\n\n";
    for (const CardTable& table : section.tables) text += markdown(table);
  }
  text.pop_back();  // one newline at the end
  return text;
}

html::Page card_page(const Json& record) {
  html::Page page("Model card: " + title_of(record), text_at(record, "made_by"), html::Shows::scores);
  for (const CardSection& section : sections_of(record)) {
    page.section(section.title, section.id);
    for (std::size_t i = 0; i < section.paragraphs.size(); ++i) {
      const std::string& paragraph = section.paragraphs[i];
      page.add(section.id == "limits" && i == 0 ? html::warning(paragraph) : html::paragraph(paragraph));
    }
    if (!section.highlights.empty()) {
      std::vector<html::Tile> tiles;
      tiles.reserve(section.highlights.size());
      for (const CardFigure& figure : section.highlights)
        tiles.push_back({figure.value, figure.label, figure.detail});
      page.add(html::tiles(tiles));
    }
    for (const CardTable& table : section.tables) {
      if (!table.rows.empty()) page.add(piece_of(table));
    }
  }
  return page;
}

}  // namespace pyro::registry
