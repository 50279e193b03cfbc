// Which column of an export holds what.
#pragma once

#include <string>
#include <vector>

#include "pyro/surveys/import.hpp"

namespace pyro::surveys {

// An export as it stands in its file, without its lines of titles.
struct ExportRow {
  std::int64_t line = 0;
  std::vector<std::string> cells;
};
struct ExportTable {
  std::string name;
  std::vector<std::string> titles;
  std::vector<ExportRow> rows;
  std::vector<std::string> zones;  // of each column, where the export says it (Qualtrics); "" elsewhere

  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  [[nodiscard]] std::size_t find(std::string_view title) const;
};

struct ExportColumns {
  std::size_t person = ExportTable::none, time = ExportTable::none;
  std::size_t language = ExportTable::none;  // may be none
  std::size_t finished = ExportTable::none;  // likewise; what it says depends on the layout
  std::size_t status = ExportTable::none;    // Qualtrics: previews
  std::vector<std::size_t> items;
};

[[nodiscard]] Result<Layout> detect_layout(const ExportTable& table, const ImportSettings& settings);
[[nodiscard]] Result<ExportColumns> find_columns(const ExportTable& table, Layout layout,
                                                 const Instrument& instrument,
                                                 const ImportSettings& settings);

}  // namespace pyro::surveys
