#include "card_parts.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "pyro/base/notice.hpp"
#include "pyro/html/page.hpp"

namespace pyro::registry {
namespace {

constexpr std::string_view kInterval =
    "_95";  // of a key: its 95 % interval stands in the key with this behind
constexpr std::size_t kMostHighlights = 4;

std::string words_of(std::string_view key) {
  std::string words(key);
  std::ranges::replace(words, '_', ' ');
  return words;
}

std::string below(const std::string& path, const std::string& key) {
  return path.empty() ? words_of(key) : path + ", " + words_of(key);
}

bool is_share(std::string_view key) {
  constexpr std::array<std::string_view, 6> kShares{"accuracy", "recall", "precision",
                                                    "ece",      "share",  "rate"};
  // A learning rate is none, and neither is what tells a difference of probabilities.
  return std::ranges::any_of(kShares, [&](auto word) { return key.find(word) != std::string_view::npos; }) &&
         key.find("learning") == std::string_view::npos;
}

std::string number_text(std::string_view key, const Json& value) {
  if (value.is_number_integer()) return html::grouped(value.get<long long>());
  const double number = value.get<double>();
  if (is_share(key) && number >= 0 && number <= 1) return html::fixed(100 * number, 2) + " %";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.4g", number);
  return text.data();
}

bool is_pair(const Json& value) {
  return value.is_array() && value.size() == 2 && value[0].is_number() && value[1].is_number();
}

// "66.85 % (65.19 % to 68.39 %)".
std::string with_interval(const Json& table, const std::string& key) {
  std::string text = shown(key, table[key]);
  const auto interval = table.find(key + std::string(kInterval));
  if (interval != table.end() && is_pair(*interval)) text += " (" + shown(key, *interval) + ")";
  return text;
}

// Key and value of everything below `node`, with the way to it as the key.
void flatten(const Json& node, const std::string& path, std::vector<std::vector<std::string>>& rows) {
  for (const auto& [key, value] : node.items()) {
    if (key.ends_with(kInterval) && node.contains(key.substr(0, key.size() - kInterval.size()))) continue;
    if (value.is_object()) {
      flatten(value, below(path, key), rows);
    } else {
      rows.push_back({below(path, key), with_interval(node, key)});
    }
  }
}

CardTable pairs_of(const Json& node, std::string caption = {}) {
  CardTable table{std::move(caption), {"", ""}, {}};
  if (node.is_object()) flatten(node, "", table.rows);
  return table;
}

// A table of figures with its way: {"fer2013, without twins", {...}}.
struct FigureSet {
  std::string path;
  const Json* figures;
};

void collect(const Json& node, const std::string& path, std::vector<FigureSet>& sets) {
  if (!node.is_object()) return;
  if (std::ranges::any_of(node, [](const Json& value) { return value.is_number(); }))
    sets.push_back({path, &node});
  for (const auto& [key, value] : node.items()) collect(value, below(path, key), sets);
}

// Names of all keys of these sets whose values are wanted, in the order in which they come.
std::vector<std::string> keys_of(const std::vector<FigureSet>& sets, auto wanted) {
  std::vector<std::string> keys;
  for (const FigureSet& set : sets) {
    for (const auto& [key, value] : set.figures->items()) {
      if (wanted(key, value) && std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
    }
  }
  return keys;
}

std::vector<std::string> classes_of(const Json& record) {
  std::vector<std::string> classes;
  if (const auto found = record.find("classes"); found != record.end() && found->is_array()) {
    for (const Json& name : *found) classes.push_back(name.is_string() ? name.get<std::string>() : "?");
  }
  return classes;
}

std::vector<std::string> headed(std::string first, const std::vector<std::string>& others) {
  std::vector<std::string> header{std::move(first)};
  std::ranges::transform(others, std::back_inserter(header), words_of);
  return header;
}

CardSection metrics_of(const Json& record) {
  CardSection section{"How well it does", "metrics", {}, {}, {}};
  const auto metrics = record.find("metrics");
  if (metrics == record.end()) {
    section.paragraphs.emplace_back("Not recorded.");
    return section;
  }
  std::vector<FigureSet> sets;
  collect(*metrics, "", sets);
  for (const FigureSet& set : sets) {
    if (!set.figures->contains("accuracy") || section.highlights.size() == kMostHighlights) continue;
    std::string detail;
    if (set.figures->contains("accuracy_95"))
      detail = "95 %: " + shown("accuracy", (*set.figures)["accuracy_95"]);
    if (set.figures->contains("n"))
      detail += (detail.empty() ? "n " : ", n ") + shown("n", (*set.figures)["n"]);
    section.highlights.push_back(
        {shown("accuracy", (*set.figures)["accuracy"]), "accuracy: " + set.path, detail});
  }
  const auto keys = keys_of(sets, [](const std::string&, const Json& value) { return value.is_number(); });
  CardTable figures{"Figures, with their 95 % intervals in brackets", headed("judged on", keys), {}, true};
  for (const FigureSet& set : sets) {
    std::vector<std::string> row{set.path};
    for (const std::string& key : keys)
      row.push_back(set.figures->contains(key) ? with_interval(*set.figures, key) : "–");
    figures.rows.push_back(std::move(row));
  }
  if (!figures.rows.empty()) section.tables.push_back(std::move(figures));

  const std::vector<std::string> classes = classes_of(record);
  const auto per_class = keys_of(sets, [&](const std::string&, const Json& value) {
    return value.is_array() && !classes.empty() && value.size() == classes.size() && value[0].is_number();
  });
  for (const std::string& key : per_class) {
    CardTable table{"By class: " + words_of(key), headed("judged on", classes), {}, true};
    for (const FigureSet& set : sets) {
      const auto found = set.figures->find(key);
      if (found == set.figures->end()) continue;
      std::vector<std::string> row{set.path};
      for (const Json& value : *found) row.push_back(shown(key, value));
      table.rows.push_back(std::move(row));
    }
    section.tables.push_back(std::move(table));
  }
  return section;
}

CardSection data_of(const Json& record) {
  CardSection section{"Data", "data", {}, {}, {}};
  const Json data = record.value("data", Json::object());
  const std::string description = text_at(data, "description");
  section.paragraphs.push_back(description.empty() ? "Not recorded." : description);
  Json others = Json::object();
  for (const auto& [key, value] : data.items()) {
    if (key != "description" && key != "counts" && key != "fingerprint") others[key] = value;
  }
  const std::string fingerprint = text_at(data, "fingerprint");
  others["fingerprint (SHA-256)"] = fingerprint.empty() ? "not recorded" : fingerprint;
  section.tables.push_back(pairs_of(others));
  const auto counts = data.find("counts");
  if (counts == data.end() || !counts->is_object()) return section;
  const std::vector<std::string> classes = classes_of(record);
  CardTable table{"Pictures by class", headed("part", classes), {}, true};
  Json totals = Json::object();
  for (const auto& [part, by_class] : counts->items()) {
    if (!by_class.is_object()) {
      totals[part] = by_class;
      continue;
    }
    std::vector<std::string> row{words_of(part)};
    for (const std::string& name : classes)
      row.push_back(by_class.contains(name) ? shown("n", by_class[name]) : "–");
    table.rows.push_back(std::move(row));
  }
  if (!totals.empty()) section.tables.push_back(pairs_of(totals, "Pictures"));
  if (!table.rows.empty()) section.tables.push_back(std::move(table));
  return section;
}

CardSection purpose_of(const Json& record) {
  CardSection section{"What it is for", "purpose", {}, {}, {}};
  section.paragraphs.push_back(text_at(record, "task").empty() ? "Not recorded." : text_at(record, "task"));
  if (!text_at(record, "note").empty()) section.paragraphs.push_back(text_at(record, "note"));
  Json facts = Json::object();
  for (const char* key : {"made_by", "created", "parameters", "multiply_adds", "classes"}) {
    if (record.contains(key)) facts[key] = record[key];
  }
  const std::string parent = text_at(record, "parent");
  facts["made from"] = parent.empty() ? "nothing: trained from scratch, or not recorded" : parent;
  section.tables.push_back(pairs_of(facts));
  return section;
}

CardSection files_section(const Json& record) {
  CardSection section{"Files and self-test", "files", {}, {}, {}};
  section.paragraphs.emplace_back(
      "The program loads these files only with these checksums, and only if the model answers the reference "
      "inputs "
      "of its self-test as recorded.");
  CardTable files{"", {"file", "bytes", "SHA-256"}, {}};
  for (const Json& file : record.value("files", Json::object())) {
    if (file.is_object())
      files.rows.push_back(
          {text_at(file, "path"), shown("bytes", file.value("bytes", Json(0))), text_at(file, "sha256")});
  }
  section.tables.push_back(std::move(files));
  if (const auto test = record.find("self_test"); test != record.end()) {
    section.tables.push_back(pairs_of(*test, "Self-test"));
  } else {
    section.paragraphs.emplace_back("No self-test is recorded for it.");
  }
  return section;
}

}  // namespace

std::string shown(std::string_view key, const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (value.is_number()) return number_text(key, value);
  if (is_pair(value)) return number_text(key, value[0]) + " to " + number_text(key, value[1]);
  std::string list;
  if (value.is_array()) {
    for (const Json& each : value) list += (list.empty() ? "" : ", ") + shown(key, each);
  }
  return list.empty() ? "–" : list;
}

std::string title_of(const Json& record) {
  return text_at(record, "name") + " " + text_at(record, "version");
}

std::vector<CardSection> sections_of(const Json& record) {
  std::vector<CardSection> sections{purpose_of(record)};
  CardSection limits{"What it is not", "limits", {kNotice}, {}, {}};
  if (const std::string text = text_at(record.value("limits", Json::object()), "text"); !text.empty())
    limits.paragraphs.push_back(text);
  sections.push_back(std::move(limits));
  sections.push_back(data_of(record));
  for (const auto& [title, key] :
       {std::pair("Training", "training"), std::pair("", "metrics"), std::pair("Calibration", "calibration"),
        std::pair("By group of people", "groups"), std::pair("Speed", "speed"),
        std::pair("Training and running agree", "parity"), std::pair("Input", "input"),
        std::pair("Output", "output")}) {
    if (std::string_view(key) == "metrics") {
      sections.push_back(metrics_of(record));
    } else if (record.contains(key)) {
      sections.push_back({title, key, {}, {}, {pairs_of(record[key])}});
    } else if (std::string_view(key) == "calibration" || std::string_view(key) == "groups") {
      // Whoever reads a card looks for these two.
      sections.push_back({title, key, {"Not measured for this version."}, {}, {}});
    }
  }
  CardSection licence{"Licence", "licence", {text_at(record, "licence")}, {}, {}};
  for (const char* key : {"licence_note", "source"}) {
    if (!text_at(record, key).empty()) licence.paragraphs.push_back(text_at(record, key));
  }
  sections.push_back(std::move(licence));
  sections.push_back(files_section(record));
  return sections;
}

}  // namespace pyro::registry
