// Data sets of kept pictures: what they are called, what is in them, how many of each class.
#include <map>

#include "../office.hpp"
#include "pyro/records/signals.hpp"

namespace pyro::serve {
namespace {

Answer list_datasets(Office& office, Call& call) {
  return list_rows(office, call, archive::kDataset, {}, false);
}
Answer make_dataset(Office& office, Call& call) {
  return make_row(office, call, archive::kDataset, {{"made_by", call.actor.user}});
}
Answer get_dataset(Office& office, Call& call) {
  return get_row(office, call, archive::kDataset, "dataset");
}
Answer change_dataset(Office& office, Call& call) {
  return change_row(office, call, archive::kDataset, "dataset");
}

Answer list_items(Office& office, Call& call) {
  std::vector<std::pair<std::string_view, store::Value>> equal{
      {"dataset", store::Value{call.text("dataset")}}};
  if (const std::string label = call.text("label"); !label.empty())
    equal.emplace_back("label", store::Value{label});
  return list_rows(office, call, archive::kDatasetItem, std::move(equal), false);
}

// Of the pictures that the caller may see: those of people who have withdrawn are not counted.
Answer count_items(Office& office, Call& call) {
  return read(office, call, [&](store::Connection& in) -> Answer {
    const auto dataset = archive::find(in, archive::kDataset, call.text("dataset"));
    if (!dataset) return trouble(dataset);
    if (!*dataset) return no_such();
    const auto rows = in.query(
        "SELECT person, label, COUNT(*) FROM dataset_item WHERE dataset = $1 GROUP BY person, label ORDER BY "
        "person",
        call.text("dataset"));
    if (!rows) return trouble(rows);
    Json counts = Json::object();
    for (const std::string_view name : records::kEmotionNames) counts[std::string{name}] = 0;
    std::int64_t items = 0;
    std::map<std::string, bool> may;
    for (const store::Row& row : *rows) {
      const std::string person = std::get<std::string>(row[0]);
      if (!may.contains(person)) {
        const auto subject = archive::subject_of(in, call.actor, person);
        if (!subject) return trouble(subject);
        const security::Subject about = subject->subject();
        may[person] =
            security::decide(call.actor, security::Action::captures_read, &about, call.site.rules, call.now)
                .allowed();
      }
      if (!may[person]) continue;
      Json& count = counts[std::get<std::string>(row[1])];
      const std::int64_t many = std::get<std::int64_t>(row[2]);
      count = (count.is_number() ? count.get<std::int64_t>() : 0) + many;
      items += many;
    }
    // Those that show nobody the site keeps a record of.
    const auto pictures =
        in.query("SELECT label, COUNT(*) FROM dataset_picture WHERE dataset = $1 GROUP BY label",
                 call.text("dataset"));
    if (!pictures) return trouble(pictures);
    std::int64_t unlabelled = 0;
    for (const store::Row& row : *pictures) {
      const std::string* label = std::get_if<std::string>(&row[0]);
      const std::int64_t many = std::get<std::int64_t>(row[1]);
      items += many;
      if (label == nullptr) {
        unlabelled = many;
      } else {
        counts[*label] = counts[*label].get<std::int64_t>() + many;
      }
    }
    return json_response(200, {{"items", items}, {"counts", counts}, {"unlabelled", unlabelled}});
  });
}

}  // namespace

void add_dataset_routes(Handlers& handlers) {
  handlers["listDatasets"] = list_datasets;
  handlers["makeDataset"] = make_dataset;
  handlers["getDataset"] = get_dataset;
  handlers["changeDataset"] = change_dataset;
  handlers["listDatasetItems"] = list_items;
  handlers["countDatasetItems"] = count_items;
}

}  // namespace pyro::serve
