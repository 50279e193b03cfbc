#include "pyro/datasets/inspect.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_map>

namespace pyro::datasets {
namespace {

GroupCounts count_groups(const std::vector<Item>& items, const std::vector<Members>& groups) {
  GroupCounts counts;
  for (const Members& group : groups) {
    const auto size = static_cast<std::int64_t>(group.size());
    ++counts.groups;
    counts.pictures += size;
    if (across_classes(items, group)) ++counts.across_classes, counts.pictures_across_classes += size;
    if (across_splits(items, group)) ++counts.across_splits;
  }
  return counts;
}

// What leaks between splits, split by its place in the list.
class Leaks {
 public:
  Leaks(const std::vector<Item>& items, const std::vector<std::size_t>& split_of, std::size_t splits)
      : items_(items), split_of_(split_of), splits_(splits), leaks_(splits * splits), exact_twin_in_(splits) {
    for (auto& flags : exact_twin_in_) flags.resize(items.size());
  }
  void add_exact(const Members& group) {
    const std::vector<bool> present = splits_of(group);
    for (std::size_t s = 0; s < splits_; ++s) {
      for (const std::size_t i : group) {
        if (!present[s] || split_of_[i] == s) continue;
        exact_twin_in_[s][i] = true;
        ++at(s, split_of_[i]).exact;
      }
    }
  }
  void add_near(const Members& group) {  // after all exact ones
    const std::vector<bool> present = splits_of(group);
    for (std::size_t s = 0; s < splits_; ++s) {
      for (const std::size_t i : group) {
        if (present[s] && split_of_[i] != s && !exact_twin_in_[s][i]) ++at(s, split_of_[i]).near;
      }
    }
  }
  void add_person(const std::set<std::size_t>& in) {
    for (const std::size_t s : in) {
      for (const std::size_t other : in) {
        if (s != other) ++at(s, other).persons;
      }
    }
  }
  std::vector<Leak> found(const std::vector<SplitCounts>& names) {
    std::vector<Leak> found;
    for (std::size_t i = 0; i < leaks_.size(); ++i) {
      Leak& leak = leaks_[i];
      if (leak.exact + leak.near + leak.persons == 0) continue;
      leak.split = names[i / splits_].name, leak.other = names[i % splits_].name;
      found.push_back(leak);
    }
    return found;
  }

 private:
  Leak& at(std::size_t split, std::size_t other) { return leaks_[split * splits_ + other]; }
  [[nodiscard]] std::vector<bool> splits_of(const Members& group) const {
    std::vector<bool> present(splits_);
    for (const std::size_t i : group) present[split_of_[i]] = true;
    return present;
  }

  const std::vector<Item>& items_;
  const std::vector<std::size_t>& split_of_;
  std::size_t splits_;
  std::vector<Leak> leaks_;
  std::vector<std::vector<bool>> exact_twin_in_;
};

}  // namespace

bool across_classes(const std::vector<Item>& items, const Members& group) {
  return std::ranges::any_of(group,
                             [&](std::size_t i) { return items[i].label != items[group.front()].label; });
}

bool across_splits(const std::vector<Item>& items, const Members& group) {
  return std::ranges::any_of(group,
                             [&](std::size_t i) { return items[i].split != items[group.front()].split; });
}

Inspection inspect(const std::vector<Item>& items, const Twins& twins) {
  Inspection seen;
  std::unordered_map<std::string, std::size_t> place;
  std::vector<std::size_t> split_of(items.size());
  std::map<std::string, std::set<std::size_t>> persons;  // → splits
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Item& item = items[i];
    const auto [at, fresh] = place.try_emplace(item.split, seen.splits.size());
    if (fresh) seen.splits.emplace_back().name = item.split;
    split_of[i] = at->second;
    SplitCounts& split = seen.splits[at->second];
    ++split.pictures, ++split.distinct, ++split.classes[static_cast<std::size_t>(item.label)];
    if (item.person.empty()) {
      ++seen.without_person;
    } else {
      persons[item.person].insert(at->second);
    }
    for (const Group& group : item.groups) ++seen.groups[group.name][group.value];
  }
  seen.pictures = static_cast<std::int64_t>(items.size());
  seen.broken = static_cast<std::int64_t>(twins.broken.size());
  seen.distinct = seen.pictures - seen.broken;
  for (const Broken& broken : twins.broken) --seen.splits[split_of[broken.item]].distinct;
  Leaks leaks(items, split_of, seen.splits.size());
  for (const Members& group : twins.exact) {
    seen.distinct -= static_cast<std::int64_t>(group.size()) - 1;
    std::set<std::size_t> in;
    for (const std::size_t i : group) {
      if (!in.insert(split_of[i]).second) --seen.splits[split_of[i]].distinct;
    }
    leaks.add_exact(group);
  }
  for (const Members& group : twins.near) leaks.add_near(group);
  for (const auto& [person, in] : persons) {
    for (const std::size_t split : in) ++seen.splits[split].persons;
    if (in.size() > 1) seen.leaking_persons.push_back(person);
    leaks.add_person(in);
  }
  seen.persons = static_cast<std::int64_t>(persons.size());
  seen.exact = count_groups(items, twins.exact);
  seen.near = count_groups(items, twins.near);
  seen.leaks = leaks.found(seen.splits);
  return seen;
}

nlohmann::json to_json(const Inspection& seen, const std::vector<Item>& items, const Twins& twins) {
  using nlohmann::json;
  json splits = json::array();
  for (const SplitCounts& split : seen.splits) {
    json classes;
    for (std::size_t c = 0; c < split.classes.size(); ++c)
      classes[std::string(records::kEmotionNames[c])] = split.classes[c];
    splits.push_back({{"split", split.name},
                      {"pictures", split.pictures},
                      {"distinct", split.distinct},
                      {"persons", split.persons},
                      {"classes", classes}});
  }
  const auto groups = [&](const GroupCounts& counts, const std::vector<Members>& all) {
    json list = json::array();
    for (const Members& group : all) {
      json members = json::array();
      for (const std::size_t i : group) {
        members.push_back({{"name", items[i].name},
                           {"label", records::kEmotionNames[static_cast<std::size_t>(items[i].label)]},
                           {"split", items[i].split}});
      }
      list.push_back(std::move(members));
    }
    return json{{"groups", counts.groups},
                {"pictures", counts.pictures},
                {"groups_across_classes", counts.across_classes},
                {"pictures_across_classes", counts.pictures_across_classes},
                {"groups_across_splits", counts.across_splits},
                {"members", std::move(list)}};
  };
  json leaks = json::array();
  for (const Leak& leak : seen.leaks) {
    leaks.push_back({{"split", leak.split},
                     {"other", leak.other},
                     {"exact", leak.exact},
                     {"near", leak.near},
                     {"persons", leak.persons}});
  }
  json broken = json::array();
  for (const Broken& one : twins.broken)
    broken.push_back({{"name", items[one.item].name}, {"error", one.error.text()}});
  return {{"pictures", seen.pictures},
          {"distinct", seen.distinct},
          {"splits", splits},
          {"exact", groups(seen.exact, twins.exact)},
          {"near", groups(seen.near, twins.near)},
          {"leaks", leaks},
          {"persons", seen.persons},
          {"without_person", seen.without_person},
          {"leaking_persons", seen.leaking_persons},
          {"group_counts", seen.groups},
          {"unreadable", broken}};
}

}  // namespace pyro::datasets
