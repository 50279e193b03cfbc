#include "fit/report.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "fit/checkpoint.hpp"
#include "fit/fit.hpp"
#include "pyro/html/charts.hpp"
#include "pyro/html/page.hpp"
#include "pyro/html/table.hpp"

namespace pyro::training {
namespace {

using nlohmann::json;

std::vector<json> lines_of(const std::filesystem::path& path) {
  std::vector<json> lines;
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    if (json entry = json::parse(line, nullptr, false); !entry.is_discarded()) {
      lines.push_back(std::move(entry));
    }
  }
  return lines;
}

html::Series series(const std::vector<json>& lines, const char* key, const char* name, html::Tint tint,
                    double scale) {
  html::Series series{.name = name, .x = {}, .y = {}, .tint = tint};
  for (const json& line : lines) {
    series.x.push_back(line.at("epoch").get<double>() + 1);
    series.y.push_back(line.at(key).get<double>() * scale);
  }
  return series;
}

html::Table settings_table(const json& settings) {
  html::Table table;
  table.header = {"setting", "value"};
  const json flat = settings.flatten();
  for (const auto& [key, value] : flat.items()) {
    // "/net/channels/0" reads better as one line of the whole list.
    const bool element =
        std::isdigit(static_cast<unsigned char>(key.back())) != 0 && key.find('/', 1) != std::string::npos;
    const std::string name = element ? key.substr(1, key.rfind('/') - 1) : key.substr(1);
    if (!table.rows.empty() && table.rows.back()[0].text == name) {
      table.rows.back()[1].text += ", " + value.dump();
    } else {
      table.rows.push_back({name, value.is_string() ? value.get<std::string>() : value.dump()});
    }
  }
  return table;
}

}  // namespace

Status write_report(const std::filesystem::path& out) {
  Result<json> about = read_about(out / kCheckpointName);
  if (!about) {
    return tl::make_unexpected(about.error());
  }
  const std::vector<json> lines = lines_of(out / kMetricsName);
  if (lines.empty()) {
    return bad_input((out / kMetricsName).string() + ": holds no epoch yet");
  }
  try {
    const json& settings = about->at("settings");
    const int best_epoch = about->at("best_epoch").get<int>();
    const json& best = lines.at(static_cast<std::size_t>(std::max(best_epoch - 1, 0)));
    double seconds = 0;
    double pictures = 0;
    for (const json& line : lines) {
      seconds += line.at("seconds").get<double>();
      pictures += line.at("pictures").get<double>();
    }
    const auto percent = [](const json& share) { return html::fixed(100 * share.get<double>(), 1) + " %"; };
    html::Page page("Training run", out.filename().string(), html::Shows::scores);
    page.section("Where it stands")
        .add(html::tiles({
            {percent(best.at("hold_out_product")), "hold-out, product head",
             "FER+ majority, epoch " + std::to_string(best_epoch), html::Tint::good},
            {percent(best.at("hold_out_fer2013")), "hold-out, fer2013 head",
             "FER2013's own label, the same epoch", html::Tint::good},
            {std::to_string(lines.size()) + " of " + settings.at("epochs").dump(), "epochs",
             html::fixed(seconds / 60, 0) + " minutes"},
            {html::fixed(pictures / std::max(seconds, 1e-9), 0), "pictures a second", "all threads"},
        }))
        .add(html::paragraph("Hold-out: pictures of the training part that the fit does not see. The epoch "
                             "was chosen on them, so "
                             "these figures flatter a little; a test set says how good the network is."));
    html::LineChart accuracy;
    accuracy.title = "Accuracy on the hold-out";
    accuracy.x.label = "epoch";
    accuracy.y.label = "%";
    accuracy.series = {series(lines, "hold_out_product", "product head", html::series_tint(0), 100),
                       series(lines, "hold_out_fer2013", "fer2013 head", html::series_tint(1), 100)};
    accuracy.marks = {{static_cast<double>(best_epoch), "best"}};
    html::LineChart loss;
    loss.title = "Loss on the fitted pictures";
    loss.x.label = "epoch";
    loss.y.label = "cross-entropy, with augmentation";
    loss.series = {series(lines, "product_loss", "product head", html::series_tint(0), 1),
                   series(lines, "fer2013_loss", "fer2013 head", html::series_tint(1), 1)};
    html::LineChart rate;
    rate.title = "Learning rate";
    rate.x.label = "epoch";
    rate.y.label = "at the epoch's end";
    rate.series = {series(lines, "learning_rate", "learning rate", html::Tint::accent, 1)};
    html::LineChart time;
    time.title = "Time";
    time.x.label = "epoch";
    time.y.label = "seconds an epoch";
    time.y.from = 0;
    time.series = {series(lines, "seconds", "seconds", html::Tint::accent, 1)};
    for (html::LineChart* chart : {&accuracy, &loss, &rate, &time}) chart->size = {516, 300};  // two abreast
    page.section("Curves").add(
        html::beside({html::chart(accuracy), html::chart(loss), html::chart(rate), html::chart(time)}));
    page.section("Settings")
        .add(html::folded("Everything that decides what the run learns",
                          html::table(settings_table(settings))));
    return page.write(out / kReportName);
  } catch (const std::exception& error) {
    return bad_input(out.string() + ": its metrics cannot be read; start the run again in another --out",
                     error.what());
  }
}

}  // namespace pyro::training
