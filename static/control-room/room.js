// Before anything is drawn: the room (dark or light) that this browser last chose.
document.documentElement.dataset.room = localStorage.getItem("control-room.room") === "dining" ? "dining" : "kitchen";
