// dataset: what is in labelled sets and what is wrong with them; dividing one without letting anything leak.
#include "dataset.hpp"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "pyro/datasets/inspect.hpp"
#include "pyro/datasets/near_pairs.hpp"
#include "pyro/datasets/split.hpp"
#include "report_pages.hpp"

namespace pyro::cli {
namespace {

using datasets::Item;

struct SetFlags {
  std::vector<std::string> where, labels;
  int near_bits = datasets::kTwinBits;
  bool json = false;
};
struct InspectFlags : SetFlags {
  PageFlags page;
};
struct DivideFlags : SetFlags {
  std::string out, by;
  datasets::SplitOptions split;
};

void add_set_flags(CLI::App& verb, SetFlags& flags) {
  verb.add_option("WHERE", flags.where,
                  "A folder per class, a CSV (path,label), FER2013's own CSV, or IDX images (48x48). Several "
                  "sets are looked "
                  "at as one; NAME=WHERE makes each a split of that name")
      ->required();
  verb.add_option("--labels", flags.labels,
                  "IDX labels for IDX images, one for each WHERE; else those beside them");
  verb.add_option("--near", flags.near_bits,
                  "Near twins: most bits in which the perceptual hashes of two pictures may differ")
      ->check(CLI::Range(0, datasets::kMostNearBits))
      ->capture_default_str();
  verb.add_flag("--json", flags.json, "One line of JSON");
}

// "train=faces.csv" → the split and the place; a file of that very name wins.
std::pair<std::string, std::string> split_and_place(const std::string& word) {
  const std::size_t at = word.find('=');
  std::error_code error;
  if (at == std::string::npos || at == 0 || std::filesystem::exists(word, error)) return {"", word};
  return {word.substr(0, at), word.substr(at + 1)};
}

Result<datasets::Dataset> read_sets(const SetFlags& flags) {
  if (!flags.labels.empty() && flags.labels.size() != flags.where.size())
    return wrong_use("--labels is given " + std::to_string(flags.labels.size()) + " times for " +
                     std::to_string(flags.where.size()) + " sets: give one for each, or none");
  datasets::Dataset all;
  for (std::size_t i = 0; i < flags.where.size(); ++i) {
    const auto [split, place] = split_and_place(flags.where[i]);
    Result<datasets::Dataset> set =
        datasets::read_dataset(place, flags.labels.empty() ? "" : flags.labels[i]);
    if (!set) return set;
    for (Item& item : set->items) {
      if (!split.empty()) {
        item.split = split;
      } else if (item.split.empty() && flags.where.size() > 1) {
        item.split = set->name;
      }
    }
    all.name += (all.name.empty() ? "" : ", ") + set->name;
    all.items.insert(all.items.end(), std::make_move_iterator(set->items.begin()),
                     std::make_move_iterator(set->items.end()));
  }
  return all;
}

// Nothing where it was interrupted.
std::optional<datasets::Twins> look_at(const datasets::Dataset& set, int near_bits) {
  const bool shown = isatty(STDERR_FILENO) == 1;
  datasets::Twins twins = datasets::find_twins(set.items, near_bits, [&](std::size_t i) {
    if (shown && i % 500 == 0) std::fprintf(stderr, "\r\033[Kpicture %zu of %zu", i, set.items.size());
    return !interrupted().stop_requested();
  });
  if (shown) std::fprintf(stderr, "\r\033[K");
  if (interrupted().stop_requested()) return std::nullopt;
  return twins;
}

void print_counts(const std::vector<datasets::SplitCounts>& splits) {
  std::printf("%-10s", "");
  for (const datasets::SplitCounts& split : splits)
    std::printf(" %14s", split.name.empty() ? "pictures" : split.name.c_str());
  std::printf("\n");
  for (std::size_t c = 0; c < records::kClasses; ++c) {
    std::printf("%-10s", std::string{records::kEmotionNames[c]}.c_str());
    for (const datasets::SplitCounts& split : splits)
      std::printf(" %14lld", static_cast<long long>(split.classes[c]));
    std::printf("\n");
  }
  const auto row = [&](const char* name, std::int64_t datasets::SplitCounts::*count) {
    std::printf("%-10s", name);
    for (const datasets::SplitCounts& split : splits)
      std::printf(" %14lld", static_cast<long long>(split.*count));
    std::printf("\n");
  };
  row("all", &datasets::SplitCounts::pictures);
  row("distinct", &datasets::SplitCounts::distinct);
  row("persons", &datasets::SplitCounts::persons);
}

void print_groups(const char* what, const datasets::GroupCounts& counts) {
  std::printf(
      "%s: %lld groups with %lld pictures; %lld groups (%lld pictures) in several classes; %lld in several "
      "splits\n",
      what, static_cast<long long>(counts.groups), static_cast<long long>(counts.pictures),
      static_cast<long long>(counts.across_classes), static_cast<long long>(counts.pictures_across_classes),
      static_cast<long long>(counts.across_splits));
}

void print_inspection(const datasets::Dataset& set, const datasets::Inspection& seen) {
  std::printf("%s: %lld pictures, %lld distinct\n\n", set.name.c_str(), static_cast<long long>(seen.pictures),
              static_cast<long long>(seen.distinct));
  print_counts(seen.splits);
  std::printf("\n");
  print_groups("same pixels", seen.exact);
  print_groups("nearly the same", seen.near);
  for (const datasets::Leak& leak : seen.leaks) {
    std::printf("'%s' in '%s': %lld pictures by pixels, %lld more nearly; %lld persons\n", leak.other.c_str(),
                leak.split.c_str(), static_cast<long long>(leak.exact), static_cast<long long>(leak.near),
                static_cast<long long>(leak.persons));
  }
  for (const auto& [column, values] : seen.groups) {
    std::printf("%s:", column.c_str());
    for (const auto& [value, count] : values)
      std::printf(" %s %lld", value.c_str(), static_cast<long long>(count));
    std::printf("\n");
  }
}

// The first of the pictures that cannot be read, and how many there are.
Error unreadable(const datasets::Twins& twins) {
  Error error = twins.broken.front().error;
  if (twins.broken.size() > 1)
    error.message += "; " + std::to_string(twins.broken.size()) + " pictures in all cannot be read";
  return error;
}

int inspect(const InspectFlags& flags) {
  const Result<datasets::Dataset> set = read_sets(flags);
  if (!set) return report(set.error(), flags.json);
  const std::optional<datasets::Twins> twins = look_at(*set, flags.near_bits);
  if (!twins) return kExitInterrupted;
  const datasets::Inspection seen = datasets::inspect(set->items, *twins);
  if (flags.page.wanted()) {
    const html::Page page = datasets::inspection_page("Data set " + set->name, seen, set->items, *twins);
    if (Status written = write_report(page, flags.page); !written) return report(written.error(), flags.json);
  }
  if (flags.json) {
    std::printf("%s\n", datasets::to_json(seen, set->items, *twins)
                            .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)
                            .c_str());
  } else {
    print_inspection(*set, seen);
  }
  // All that could be looked at is told above; that something could not is still an error.
  return twins->broken.empty() ? 0 : report(unreadable(*twins));
}

int divide(const DivideFlags& flags) {
  Result<datasets::Dataset> set = read_sets(flags);
  if (!set) return report(set.error(), flags.json);
  datasets::SplitOptions options = flags.split;
  options.by_person = flags.by == "person";
  const std::optional<datasets::Twins> twins = look_at(*set, flags.near_bits);
  if (!twins) return kExitInterrupted;
  if (!twins->broken.empty()) return report(unreadable(*twins), flags.json);
  const Result<std::vector<bool>> test = datasets::split_items(set->items, *twins, options);
  if (!test) return report(test.error(), flags.json);
  for (std::size_t i = 0; i < set->items.size(); ++i) set->items[i].split = (*test)[i] ? "test" : "train";
  if (Status written = datasets::write_dataset(set->items, flags.out); !written)
    return report(written.error(), flags.json);
  const datasets::Inspection seen = datasets::inspect(set->items, *twins);
  if (!flags.json) {
    print_counts(seen.splits);
    return 0;
  }
  nlohmann::json line{{"out", flags.out}, {"seed", options.seed}};
  line["splits"] = datasets::to_json(seen, set->items, {})["splits"];
  std::printf("%s\n", line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  return 0;
}

}  // namespace

void add_dataset(CLI::App& app, Chosen& chosen) {
  CLI::App* verb = app.add_subcommand("dataset", "Looks into labelled sets of pictures, and divides them");
  verb->require_subcommand(1);
  verb->footer("Example: pyrometer dataset inspect faces/ --html faces.html");

  CLI::App* look =
      verb->add_subcommand("inspect", "Counts, twins, contradictions, leaks between splits; as a page too");
  auto inspected = std::make_shared<InspectFlags>();
  add_set_flags(*look, *inspected);
  add_page_flags(*look, inspected->page, "contact sheets and the twins' pictures");
  look->footer(
      "Example: pyrometer dataset inspect train=train-images-idx3-ubyte.gz "
      "public=public-images-idx3-ubyte.gz "
      "--html fer2013.html");
  look->callback([&chosen, inspected] { chosen = [inspected] { return inspect(*inspected); }; });

  CLI::App* split = verb->add_subcommand(
      "split", "Divides a set into train and test; no person and no twin of a picture stands on both sides");
  auto divided = std::make_shared<DivideFlags>();
  add_set_flags(*split, *divided);
  split->add_option("--out", divided->out, "The CSV to write: path, label, split and what else is known")
      ->required()
      ->type_name("CSV");
  split->add_option("--test", divided->split.test, "Share of the pictures that goes to the test part")
      ->capture_default_str();
  split->add_option("--by", divided->by, "person: refuse a set that does not tell everybody's person")
      ->check(CLI::IsMember({"person"}));
  split->add_option("--seed", divided->split.seed, "Another seed, another draw")->capture_default_str();
  split->footer(
      "Example: pyrometer dataset split faces.csv --out divided.csv --test 0.2 --by person --seed 7");
  split->callback([&chosen, divided] { chosen = [divided] { return divide(*divided); }; });

  add_dataset_landmarks(*verb, chosen);
}

}  // namespace pyro::cli
