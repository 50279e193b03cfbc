#include "regress/regress.hpp"

#include <cmath>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

#include "pyro/base/csv_text.hpp"
#include "pyro/base/files.hpp"
#include "pyro/records/notice.hpp"
#include "pyro/regression/regression.hpp"

namespace pyro::cli {
namespace {

struct ApplyFlags {
  PlaceFlags place;
  std::string model, table, out;
  std::vector<std::string> keep = {"session", "person"};
  bool json = false;
};

// The columns that tell rows apart, where the table has them.
Result<std::vector<std::pair<std::string, std::vector<std::string>>>> kept_columns(
    const regression::Table& table, const std::vector<std::string>& wanted) {
  std::vector<std::pair<std::string, std::vector<std::string>>> kept;
  for (const std::string& name : wanted) {
    if (table.find(name) == nullptr) continue;
    Result<std::vector<std::string>> names = regression::names_of(table, name);
    if (!names) return tl::make_unexpected(names.error());
    kept.emplace_back(name, std::move(*names));
  }
  return kept;
}

int apply(const ApplyFlags& flags) {
  const Result<infer::ModelStore> models = open_models(flags.place);
  if (!models) return report(models.error(), flags.json);
  Result<regression::Regression> model = regression::Regression::open(*models, flags.model);
  if (!model) return report(model.error(), flags.json);
  const Result<regression::Table> table = regression::read_table(flags.table);
  if (!table) return report(table.error(), flags.json);
  const auto kept = kept_columns(*table, flags.keep);
  if (!kept) return report(kept.error(), flags.json);
  const auto predictions = model->predict(*table);
  if (!predictions) return report(predictions.error(), flags.json);
  std::string csv = "row";
  for (const auto& [name, values] : *kept) csv.append(",").append(csv_cell(name));
  csv.append(",").append(csv_cell(model->target())).append("_predicted,known_share,model\n");
  std::size_t without = 0;
  for (std::size_t i = 0; i < predictions->size(); ++i) {
    const regression::Prediction& one = (*predictions)[i];
    csv += std::to_string(i + 1);
    for (const auto& [name, values] : *kept) csv.append(",").append(csv_cell(values[i]));
    std::array<char, 64> text{};
    if (std::isnan(one.value)) {
      ++without;
      std::snprintf(text.data(), text.size(), ",,%.3f,", one.known_share);
    } else {
      std::snprintf(text.data(), text.size(), ",%.6g,%.3f,", one.value, one.known_share);
    }
    csv.append(text.data()).append(model->reference()).append("\n");
  }
  if (const Status written = replace_file(flags.out, csv); !written)
    return report(written.error(), flags.json);
  if (flags.json) {
    const nlohmann::ordered_json line{{"rows", predictions->size()},
                                      {"without_prediction", without},
                                      {"model", model->reference()},
                                      {"target", model->target()},
                                      {"out", flags.out},
                                      {"notice", records::kNotice}};
    std::printf("%s\n", line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
    return 0;
  }
  std::printf("%zu rows by %s -> %s", predictions->size(), model->reference().c_str(), flags.out.c_str());
  if (without > 0) std::printf("; %zu without any figure it reads stay empty", without);
  std::printf("\n%s\n", records::kNotice);
  return 0;
}

}  // namespace

void add_regress(CLI::App& app, Chosen& chosen) {
  CLI::App* regress = app.add_subcommand("regress", "Survey scores from the figures of sessions");
  regress->require_subcommand(1);
  regress->footer("A regression is fitted by pyrometer-train regress and taken in by pyrometer models add.");
  CLI::App* verb =
      regress->add_subcommand("apply", "Writes what a kept regression says of each row of a table");
  auto flags = std::make_shared<ApplyFlags>();
  add_place_flags(*verb, flags->place);
  verb->add_option("table", flags->table, "The CSV, as `pyrometer study table` writes it")
      ->required()
      ->type_name("FILE");
  verb->add_option("--model", flags->model, "Name or name@version in the registry")->required();
  verb->add_option("--out", flags->out, "The CSV with a row a row")->required()->type_name("FILE");
  verb->add_option("--keep", flags->keep, "Columns that tell rows apart, copied where the table has them")
      ->capture_default_str();
  verb->add_flag("--json", flags->json, "One line of JSON");
  verb->footer("Example: pyrometer regress apply ward-3.csv --model strain --out strain.csv");
  verb->callback([&chosen, flags] { chosen = [flags] { return apply(*flags); }; });
}

}  // namespace pyro::cli
