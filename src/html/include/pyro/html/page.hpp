// One self-contained page for every report: it loads nothing from anywhere, follows the reader's light or
// dark setting, and prints. What goes on it are pieces of markup made by this room (text, tables, charts,
// pictures), all text escaped; the whole is well-formed XML as well as HTML, so any XML parser can read a
// report back.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/html/tint.hpp"

namespace pyro::html {

// A finished piece of the page. Only this room's functions should make one: its text goes out as it is.
struct Html {
  std::string markup;
};

// For text between tags and in quoted attributes: & < > " ' become references; bytes that are not UTF-8 and
// characters that XML forbids become U+FFFD.
[[nodiscard]] std::string escape(std::string_view text);
// "28,709".
[[nodiscard]] std::string grouped(long long value);
// "12.30"; "–" for what is not finite.
[[nodiscard]] std::string fixed(double value, int decimals);

[[nodiscard]] Html paragraph(std::string_view text);
// A box that is not overlooked.
[[nodiscard]] Html warning(std::string_view text);
// Plain text as it is, in a fixed-width font: a command, a log.
[[nodiscard]] Html verbatim(std::string_view text);
[[nodiscard]] Html subheading(std::string_view text, std::string_view id = {});
// Pieces beside each other where there is room, else below each other.
[[nodiscard]] Html beside(const std::vector<Html>& pieces);
// Shows only `summary` until it is opened.
[[nodiscard]] Html folded(std::string_view summary, const Html& inside);

// A key figure: "73.1 %" over "accuracy", and what qualifies it.
struct Tile {
  std::string value, label, detail = {};
  Tint tint = Tint::accent;
};
[[nodiscard]] Html tiles(const std::vector<Tile>& tiles);

// Whether expressions or scores stand on the page; then the no-diagnosis line does too.
enum class Shows { data, scores };

class Page {
 public:
  Page(std::string title, std::string subtitle, Shows shows)
      : title_(std::move(title)), subtitle_(std::move(subtitle)), shows_(shows) {}

  // Pieces go into the last section. `id`: for links to it ("#id"), may be empty. From three sections with an
  // id on, the page begins with links to them.
  Page& section(std::string_view title, std::string_view id = {});
  Page& add(const Html& piece);

  // The whole page, UTF-8; its last line names the program's version.
  [[nodiscard]] std::string text() const;
  // Replaces the file as a whole. Error (failed): it cannot be written.
  [[nodiscard]] Status write(const std::filesystem::path& file) const;

 private:
  struct Section {
    std::string title, id, body;
  };
  std::string title_, subtitle_;
  Shows shows_;
  std::vector<Section> sections_;
};

}  // namespace pyro::html
