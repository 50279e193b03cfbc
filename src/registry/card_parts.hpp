// A model card before it is Markdown or HTML. Private to the room.
#pragma once

#include <string>
#include <vector>

#include "pyro/registry/record.hpp"

namespace pyro::registry {

struct CardTable {
  std::string caption;
  std::vector<std::string> header;  // the first column names the row, the others are figures where `figures`
  std::vector<std::vector<std::string>> rows;
  bool figures = false;
};

struct CardFigure {  // one that is to be seen first
  std::string value, label, detail;
};

struct CardSection {
  std::string title, id;
  std::vector<std::string> paragraphs;
  std::vector<CardFigure> highlights;
  std::vector<CardTable> tables;
};

// A value as people read it: 0.6685 of an accuracy "66.85 %", 28709 "28,709", [0.83, 1.11] "0.83 to 1.11".
[[nodiscard]] std::string shown(std::string_view key, const Json& value);
[[nodiscard]] std::string title_of(const Json& record);
[[nodiscard]] std::vector<CardSection> sections_of(const Json& record);

}  // namespace pyro::registry
