// audit: whether faces of some groups of people are found and read worse than those of others.
#include "pyro/datasets/audit.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "cli.hpp"
#include "judging.hpp"
#include "pyro/datasets/grouped_set.hpp"
#include "report_pages.hpp"

namespace pyro::cli {
namespace {

struct AuditFlags {
  std::string dataset;
  PageFlags page;
  bool json = false;
  std::uint64_t seed = 1;
  WalkFlags walk;
};

void print_audit(const datasets::Audit& audit) {
  std::printf("%d pictures of %s, %s, head %s\n", audit.all.pictures, audit.set.c_str(), audit.model.c_str(),
              audit.head.c_str());
  for (const datasets::Attribute& attribute : audit.attributes) {
    std::printf("\n%-26s %8s", attribute.name.c_str(), "pictures");
    for (int m = 0; m < datasets::kMeasures; ++m) {
      if (audit.all.estimates[static_cast<std::size_t>(m)].n > 0)
        std::printf("  %22s", std::string(datasets::text_of(static_cast<datasets::Measure>(m)).id).c_str());
    }
    std::printf("\n");
    for (const datasets::GroupFigures& group : attribute.groups) {
      std::printf("%-26s %8d", group.name.c_str(), group.pictures);
      for (std::size_t m = 0; m < group.estimates.size(); ++m) {
        const datasets::Estimate& estimate = group.estimates[m];
        if (audit.all.estimates[m].n > 0)
          std::printf("  %6.1f %% [%5.1f, %5.1f]", 100 * estimate.value, 100 * estimate.interval.low,
                      100 * estimate.interval.high);
      }
      std::printf("\n");
    }
    for (const datasets::Gap& gap : attribute.gaps) {
      std::printf("  largest gap, %s: %.1f points [%.1f, %.1f], %s above %s, p %.3f, corrected %.3f\n",
                  std::string(datasets::text_of(gap.measure).title).c_str(), 100 * gap.value,
                  100 * gap.interval.low, 100 * gap.interval.high, gap.highest.c_str(), gap.lowest.c_str(),
                  gap.p, gap.p_holm);
    }
  }
  std::printf("\nwithout a usable face:");
  if (audit.all.failures.empty()) std::printf(" none");
  for (const auto& [why, count] : audit.all.failures)
    std::printf(" %s %lld", why.c_str(), static_cast<long long>(count));
  std::printf("\n");
  for (const std::string& warning : audit.warnings) std::printf("\nwarning: %s\n", warning.c_str());
}

int audit(const AuditFlags& flags) {
  const Result<pipeline::WalkSettings> settings = settle(flags.walk);
  if (!settings) return report(settings.error(), flags.json);
  if (!settings->expressions) {
    return report({ErrorCode::wrong_use, "audit looks at expressions too: leave out --no-expressions", ""},
                  flags.json);
  }
  const Result<datasets::GroupedSet> grouped = datasets::read_grouped_set(flags.dataset);
  if (!grouped) return report(grouped.error(), flags.json);
  const std::vector<datasets::Item>& items = grouped->set.items;
  const Result<infer::ModelStore> models = open_models(flags.walk.place);
  if (!models) return report(models.error(), flags.json);
  Result<pipeline::StillReader> reader = pipeline::StillReader::create(*models, *settings, false);
  if (!reader) return report(reader.error(), flags.json);
  const Result<std::vector<datasets::Prediction>> predictions = predictions_of(*reader, items);
  if (!predictions) return report(predictions.error(), flags.json);
  if (interrupted().stop_requested()) return kExitInterrupted;

  const datasets::Audit audit =
      datasets::audit_of({grouped->set.name, models->find(settings->expression_model)->reference(),
                          flags.walk.head, grouped->set.labelled, flags.seed},
                         items, *predictions);
  if (flags.page.wanted()) {
    const html::Page page = datasets::audit_page(audit, items, *predictions);
    if (Status written = write_report(page, flags.page); !written) return report(written.error(), flags.json);
  }
  if (flags.json) {
    const nlohmann::json line = datasets::to_json(audit);
    std::printf("%s\n", line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  } else {
    print_audit(audit);
  }
  return 0;
}

}  // namespace

void add_audit(CLI::App& app, Chosen& chosen) {
  CLI::App* verb = app.add_subcommand(
      "audit", "Whether faces of some groups are found and read worse than those of others");
  auto flags = std::make_shared<AuditFlags>();
  verb->add_option(
          "--dataset", flags->dataset,
          "A CSV with path and age, gender, race, ethnicity, skin_tone or group_…; a folder with such a "
          "labels.csv and its pictures or their archive; or a folder with UTKFace's file names")
      ->required();
  verb->add_flag("--json", flags->json, "One line of JSON");
  add_page_flags(*verb, flags->page, "all figures and the faces that were not usable");
  verb->add_option("--seed", flags->seed, "Of the bootstrap intervals and the random deals")
      ->capture_default_str();
  add_walk_flags(*verb, flags->walk);
  verb->footer("Example: pyrometer audit --dataset people.csv --html audit.html");
  verb->callback([&chosen, flags] { chosen = [flags] { return audit(*flags); }; });
}

}  // namespace pyro::cli
