#include "landmarks/features.hpp"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <fstream>

#include "pyro/base/csv_records.hpp"
#include "pyro/datasets/fingerprint.hpp"

namespace pyro::training {
namespace {

constexpr std::size_t kFirstNetwork = 3;  // behind picture, label, mesh
constexpr std::size_t kFirstFeature = kFirstNetwork + kHeads.size() * kClasses;

}  // namespace

const Measured* FeatureTable::find(const crop::GreyFace& face) const {
  const datasets::Digest digest = datasets::digest_of(face);
  std::array<char, 40> name{};
  std::snprintf(name.data(), name.size(), "%016llx%016llx", static_cast<unsigned long long>(digest[0]),
                static_cast<unsigned long long>(digest[1]));
  const auto found = by_picture.find(name.data());
  return found == by_picture.end() ? nullptr : &found->second;
}

Result<FeatureTable> read_features(const std::filesystem::path& file) {
  auto input = std::make_unique<std::ifstream>(file, std::ios::binary);
  if (!*input) {
    return bad_input(file.string() + ": cannot be opened; write it with `pyrometer dataset landmarks --out`");
  }
  CsvRecords records(std::move(input), file.string());
  FeatureTable table;
  while (true) {
    const Result<bool> more = records.next();
    if (!more) {
      return tl::make_unexpected(more.error());
    }
    if (!*more) {
      break;
    }
    const std::vector<std::string_view>& cells = records.cells();
    const std::string where = file.string() + " line " + std::to_string(records.line());
    if (table.names.empty()) {
      if (cells.size() <= kFirstFeature || cells[0] != "picture" || cells[2] != "mesh" ||
          cells[kFirstNetwork] != "product.angry") {
        return bad_input(where + ": is no table of `pyrometer dataset landmarks`; write it with that");
      }
      table.names.assign(cells.begin() + kFirstFeature, cells.end());
      continue;
    }
    if (cells.size() != kFirstFeature + table.names.size()) {
      return bad_input(where + ": has " + std::to_string(cells.size()) + " cells instead of " +
                       std::to_string(kFirstFeature + table.names.size()) + "; was the file cut?");
    }
    Measured measured;
    measured.mesh = cells[2] == "1";
    measured.features.resize(table.names.size());
    for (std::size_t i = kFirstNetwork; i < cells.size(); ++i) {
      float value = std::nanf("");
      const auto [end, error] = std::from_chars(cells[i].data(), cells[i].data() + cells[i].size(), value);
      const bool empty = cells[i].empty() && i >= kFirstFeature;
      if (!empty && (error != std::errc() || end != cells[i].data() + cells[i].size())) {
        return bad_input(where + ": '" + std::string(cells[i]) + "' is no number; write the table anew");
      }
      if (i < kFirstFeature) {
        measured.network[(i - kFirstNetwork) / kClasses][(i - kFirstNetwork) % kClasses] = value;
      } else {
        measured.features[i - kFirstFeature] = value;
      }
    }
    table.by_picture.emplace(std::string(cells[0]), std::move(measured));
  }
  if (table.by_picture.empty()) {
    return bad_input(file.string() + ": holds no picture; write it with `pyrometer dataset landmarks`");
  }
  return table;
}

}  // namespace pyro::training
