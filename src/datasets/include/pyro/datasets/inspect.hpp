// What is in a data set, and what is wrong with it.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "pyro/datasets/twins.hpp"
#include "pyro/html/page.hpp"

namespace pyro::datasets {

using ClassCounts = std::array<std::int64_t, records::kClasses>;

// Groups of twins by where their pictures stand. A group across classes and splits counts in both.
struct GroupCounts {
  std::int64_t groups = 0, pictures = 0;
  std::int64_t across_classes = 0, pictures_across_classes = 0;
  std::int64_t across_splits = 0;
};

// Twins between two splits: a figure measured on `other` is flattered by what was learnt from `split`.
struct Leak {
  std::string split, other;
  std::int64_t exact = 0;    // items of `other` with an exact twin in `split`
  std::int64_t near = 0;     // with a near twin there, but no exact one
  std::int64_t persons = 0;  // persons in both
};

struct SplitCounts {
  std::string name;  // empty where the set tells no split
  ClassCounts classes{};
  std::int64_t pictures = 0, distinct = 0, persons = 0;
};

struct Inspection {
  std::int64_t pictures = 0, distinct = 0;
  std::vector<SplitCounts> splits;  // in the order of first appearance
  GroupCounts exact, near;
  std::vector<Leak> leaks;  // each ordered pair of splits that has any
  std::int64_t persons = 0;
  std::int64_t without_person = 0;
  std::vector<std::string> leaking_persons;                           // in more than one split, sorted
  std::map<std::string, std::map<std::string, std::int64_t>> groups;  // column → value → pictures
  std::int64_t broken = 0;
};

[[nodiscard]] Inspection inspect(const std::vector<Item>& items, const Twins& twins);
// Whether a group's items carry more than one label; more than one split.
[[nodiscard]] bool across_classes(const std::vector<Item>& items, const Members& group);
[[nodiscard]] bool across_splits(const std::vector<Item>& items, const Members& group);

// All figures, and every group of twins by its items' names, labels and splits.
[[nodiscard]] nlohmann::json to_json(const Inspection& inspection, const std::vector<Item>& items,
                                     const Twins& twins);

// The same as a page with pictures: contact sheets per class drawn by `seed`, the groups of twins. Both are
// bounded (most_groups of each kind), so that a page of a large set stays one that opens; what is left out is
// said.
struct PageOptions {
  std::uint64_t seed = 1;
  int sheet = 26;        // pictures per class
  int most_groups = 60;  // per kind
};
[[nodiscard]] html::Page inspection_page(const std::string& title, const Inspection& inspection,
                                         const std::vector<Item>& items, const Twins& twins,
                                         const PageOptions& options = {});

}  // namespace pyro::datasets
